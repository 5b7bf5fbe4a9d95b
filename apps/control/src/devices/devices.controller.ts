import { Body, Controller, Get, Param, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { Checkpoint } from '@greenscreen/model/installation';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { deviceAnswer } from './device-answer.js';
import { deviceRecords } from './records.js';

const annotation = z.strictObject({ tenant: z.uuid(), checkpoint: z.string().min(1).max(64), at: z.iso.datetime() });

@Controller('devices')
@UseFilters(new FaultFilter(controlDialect))
export class DevicesController {
  constructor(private readonly dataSource: DataSource) {}

  /** The Autopilot, Entra and Intune records of a device, side by side. */
  @Get(':serial')
  @Operation('control', 'ReadDevice')
  @Describe({ summary: "A device's Autopilot, Entra, Intune and attestation records side by side", answer: deviceAnswer })
  async read(
    @Param('serial') serial: string,
    @Query('tenant') tenant?: string,
    @Query('entraDeviceId') entraDeviceId?: string,
  ): Promise<Reply> {
    const { manager } = this.dataSource;
    const tenantId =
      tenant ?? (await manager.findOne(AutopilotDevice, { where: { serialNumber: serial }, order: { createdAt: 'DESC' } }))?.tenantId;
    if (!tenantId) throw new Fault('control.NotFound', { what: `device with serial number ${serial}` });
    if (!z.uuid().safeParse(tenantId).success) throw new Fault('control.BadRequest', { reason: 'tenant: is not a GUID' });
    if (entraDeviceId !== undefined && !z.uuid().safeParse(entraDeviceId).success)
      throw new Fault('control.BadRequest', { reason: 'entraDeviceId: is not a GUID' });
    const [annotations, records] = await Promise.all([
      manager.find(Checkpoint, { where: { tenantId, serial }, order: { id: 'ASC' } }),
      deviceRecords(manager, tenantId, serial, entraDeviceId),
    ]);
    return json(200, {
      tenant: tenantId,
      serial,
      ...records,
      checkpoints: annotations.map(({ checkpoint, at }) => ({ checkpoint, at })),
    });
  }

  /**
   * A lab annotation: what the runner saw the device reach. It moves no record that an emulated service reads; `unjoined` marks the directory
   * object so that people see why its certificate is orphaned (06 D-A38).
   */
  @Post(':serial/checkpoints')
  @Operation('control', 'Annotate')
  @Describe({ summary: 'Say what a device has reached', body: annotation })
  async annotate(@Param('serial') serial: string, @Body() body: Buffer): Promise<Reply> {
    const { tenant, checkpoint, at } = decodeBody(annotation, body);
    const reached = { tenantId: tenant, serial, checkpoint, at: new Date(at) };
    if (checkpoint !== 'unjoined') {
      await this.dataSource.manager.insert(Checkpoint, reached);
      return reply(204);
    }
    await this.dataSource.transaction(async (em) => {
      await em.insert(Checkpoint, reached);
      const identity = await em.findOneBy(AutopilotDevice, { tenantId: tenant, serialNumber: serial });
      if (identity?.entraDeviceId) await em.update(EntraDevice, { deviceId: identity.entraDeviceId }, { localUnjoinedAt: new Date(at) });
    });
    return reply(204);
  }
}
