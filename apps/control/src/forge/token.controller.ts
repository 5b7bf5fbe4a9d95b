import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { forgeToken, tokenDefects } from './forge-token.js';

/** Body of `POST /forge/token`. */
export const tokenOrder = z.strictObject({
  kind: z.enum(['access', 'ticket']).default('access'),
  tenant: z.uuid(),
  audience: z.string().min(1),
  claims: z.record(z.string(), z.unknown()).default({}),
  drop: z.array(z.string()).default([]),
  startsIn: z.int().default(-300).describe('seconds'),
  expiresIn: z.int().default(3600).describe('seconds'),
  defect: z.enum(tokenDefects).default('none'),
});

/** Tokens that nobody asked the token service for. */
@Controller('forge')
@UseFilters(new FaultFilter(controlDialect))
export class ForgeTokenController {
  constructor(
    private readonly authorities: AuthorityStore,
    private readonly clock: Clock,
  ) {}

  /** An access token or a device ticket that says what it is told to, with a defect or none: `{token}`. */
  @Post('token')
  @Operation('control', 'ForgeToken')
  @Describe({ summary: 'Forge a token, sound or with a defect', body: tokenOrder, answer: z.object({ token: z.string() }), status: 201 })
  async token(@Body() body: Buffer): Promise<Reply> {
    const { tenant, ...order } = decodeBody(tokenOrder, body);
    const token = await forgeToken(this.authorities, { ...order, tenantId: tenant, now: await this.clock.now(tenant) });
    return json(201, { token });
  }
}
