import { Body, Controller, Delete, Get, Post, Query, UseFilters } from '@nestjs/common';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { INSTALLATION } from '@greenscreen/model/installation';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const scope = { tenant: z.uuid().default(INSTALLATION) };
/** Body of `POST /clock`. */
export const clockChange = z.union([
  z.strictObject({ ...scope, advance: z.number().int().min(0).describe('milliseconds') }),
  z.strictObject({ ...scope, offset: z.number().int().describe('milliseconds ahead of real time') }),
  z.strictObject({ ...scope, freeze: z.iso.datetime() }),
  z.strictObject({ ...scope, set: z.iso.datetime().describe('from where it runs on') }),
]);

const reading = z.object({ tenant: z.guid(), now: z.iso.datetime() });

@Controller('clock')
@UseFilters(new FaultFilter(controlDialect))
export class ClockController {
  constructor(private readonly clock: Clock) {}

  @Get()
  @Operation('control', 'ReadClock')
  @Describe({ summary: 'The time of a tenant, or of the installation', answer: reading })
  async read(@Query('tenant') tenant: string = INSTALLATION): Promise<Reply> {
    return json(200, { tenant, now: await this.clock.now(tenant) });
  }

  /** `{advance}`, `{offset}`, `{freeze}` or `{set}`, for a tenant or for the installation. */
  @Post()
  @Operation('control', 'SetClock')
  @Describe({ summary: 'Move, set, offset or freeze a clock', body: clockChange, answer: reading })
  async set(@Body() body: Buffer): Promise<Reply> {
    const input = decodeBody(clockChange, body);
    if ('advance' in input) await this.clock.advance(input.tenant, input.advance);
    else if ('offset' in input) await this.clock.set(input.tenant, { offsetMs: input.offset });
    else if ('set' in input) await this.clock.startAt(input.tenant, new Date(input.set));
    else await this.clock.set(input.tenant, { frozenAt: new Date(input.freeze) });
    return json(200, { tenant: input.tenant, now: await this.clock.now(input.tenant) });
  }

  @Delete()
  @Operation('control', 'ClearClock')
  @Describe({ summary: 'Back to real time' })
  async clear(@Query('tenant') tenant: string = INSTALLATION): Promise<Reply> {
    await this.clock.clear(tenant);
    return reply(204);
  }
}
