import { Body, Controller, Get, Post, UseFilters } from '@nestjs/common';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { AikAuthority, revokeAik, revokeEk } from '@greenscreen/model/attestation';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { aikRegions, encodeAuthorityHost } from '@greenscreen/wire/scep';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const revocation = z.strictObject({
  /** Whose: by `ek_hash`, or by registration. */
  ekHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  tenant: z.uuid().optional(),
  serial: z.string().min(1).optional(),
  /** `ek` takes the AIK certificates with it. */
  what: z.enum(['ek', 'aik']).default('ek'),
});
const authority = z.strictObject({ vendor: z.string().min(2), keyId: z.string().regex(/^[0-9a-f]{40}$/), enabled: z.boolean() });

const authorities = z.object({
  value: z.array(
    z.object({
      vendor: z.string(),
      keyId: z.string(),
      region: z.enum(aikRegions),
      enabled: z.boolean(),
      createdAt: z.iso.datetime(),
      host: z.string(),
    }),
  ),
});

/** The states of the attestation services that a lab changes: EK_REVOKED and AUTHORITY_UNKNOWN (reference 06, D-A71). */
@Controller('attestation')
@UseFilters(new FaultFilter(controlDialect))
export class AttestationController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Revokes a TPM's EK, or only its AIK certificates: `{ekHash | tenant, serial, what?}`. */
  @Post('revocations')
  @Operation('control', 'RevokeAttestation')
  @Describe({ summary: 'Revoke an endorsement key', body: revocation })
  async revoke(@Body() body: Buffer): Promise<Reply> {
    const { ekHash, tenant, serial, what } = decodeBody(revocation, body);
    const known = ekHash ?? (await this.registeredEk(tenant, serial));
    const at = await this.clock.now(tenant);
    await this.dataSource.transaction((em) => (what === 'ek' ? revokeEk(em, known, at) : revokeAik(em, known, at)));
    return reply(204);
  }

  /** Authorities of the AIK service, with the hosts that they answer under. */
  @Get('authorities')
  @Operation('control', 'ListAikAuthorities')
  @Describe({ summary: 'Authorities of the AIK service', answer: authorities })
  async authorities(): Promise<Reply> {
    const rows = await this.dataSource.manager.find(AikAuthority, { order: { vendor: 'ASC', keyId: 'ASC' } });
    return json(200, { value: rows.map((row) => ({ ...row, host: encodeAuthorityHost(row) })) });
  }

  /** Enables or disables one: a disabled authority answers 404 on every operation, to everyone. */
  @Post('authorities')
  @Operation('control', 'SetAikAuthority')
  @Describe({ summary: 'Switch an AIK authority on or off', body: authority })
  async setAuthority(@Body() body: Buffer): Promise<Reply> {
    const { vendor, keyId, enabled } = decodeBody(authority, body);
    const { affected } = await this.dataSource.manager.update(AikAuthority, { vendor, keyId }, { enabled });
    if (affected !== 1) throw new Fault('control.NotFound', { what: `AIK authority ${vendor}-KeyId-${keyId}` });
    return reply(204);
  }

  private async registeredEk(tenantId: string | undefined, serialNumber: string | undefined): Promise<string> {
    if (tenantId === undefined || serialNumber === undefined)
      throw new Fault('control.BadRequest', { reason: 'body: needs ekHash, or tenant and serial' });
    const device = await this.dataSource.manager.findOne(AutopilotDevice, {
      where: { tenantId, serialNumber },
      order: { createdAt: 'DESC' },
    });
    if (device?.ekHash == null) throw new Fault('control.NotFound', { what: `EK of a device with serial number ${serialNumber}` });
    return device.ekHash;
  }
}
