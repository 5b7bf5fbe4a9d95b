import { Body, Controller, Param, Post, UseFilters } from '@nestjs/common';
import { Clock } from '@greenscreen/host/clock';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { EntraDevice, removeStaleDevices, synchronizeDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { certificateMember } from '../certificate-member.js';

const staleDevices = z.strictObject({ before: z.iso.datetime() });
const computer = z.strictObject({
  /** objectGUID. */
  deviceId: z.uuid(),
  displayName: z.string().min(1).max(256),
  sid: z.string().regex(/^S-1-[\d-]+$/),
  /** DER. */
  userCertificate: z.base64(),
});

const removedDevices = z.object({ removed: z.array(z.guid()).describe('object ids') });
const device = z.object({ objectId: z.guid(), deviceId: z.guid() });

/** What an administrator's tools do to a tenant's directory outside the emulated services. */
@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class DirectoryController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Deletes device objects that were not used since a time; those of Autopilot registrations stay (reference 02, 13.6). */
  @Post(':tenant/stale-devices')
  @Operation('control', 'RemoveStaleDevices')
  @Describe({ summary: 'Delete directory objects that nobody has used since', body: staleDevices, answer: removedDevices })
  async removeStale(@Param('tenant') tenantId: string, @Body() bytes: Buffer): Promise<Reply> {
    const { before } = decodeBody(staleDevices, bytes);
    const change = await this.change(tenantId);
    const removed = await this.dataSource.transaction((em) => removeStaleDevices(em, { ...change, tenantId, before: new Date(before) }));
    return json(200, { removed });
  }

  /** A domain computer as a directory synchronisation brings it, for clients that try the hybrid join (reference 02, 13.1). */
  @Post(':tenant/computers')
  @Operation('control', 'SynchronizeComputer')
  @Describe({ summary: 'Bring a domain computer into the directory', body: computer, answer: device, status: 201 })
  async synchronize(@Param('tenant') tenantId: string, @Body() bytes: Buffer): Promise<Reply> {
    const { userCertificate, ...given } = decodeBody(computer, bytes);
    const certificate = certificateMember('userCertificate', userCertificate);
    const change = await this.change(tenantId);
    if (await this.dataSource.manager.existsBy(EntraDevice, { deviceId: given.deviceId.toLowerCase() }))
      throw new Fault('control.Conflict', { reason: `There is a device ${given.deviceId} already` });
    const { objectId, deviceId } = await this.dataSource.transaction((em) =>
      synchronizeDevice(em, { ...change, ...given, tenantId, userCertificate: certificate }),
    );
    return json(201, { objectId, deviceId });
  }

  private async change(tenantId: string) {
    if (!z.uuid().safeParse(tenantId).success || !(await this.dataSource.manager.existsBy(Tenant, { id: tenantId })))
      throw new Fault('control.NotFound', { what: `tenant ${tenantId}` });
    return { random: this.random, at: await this.clock.now(tenantId), correlationId: currentExchange().traceId };
  }
}
