import { Body, Controller, Param, Post, UseFilters } from '@nestjs/common';
import { Clock } from '@greenscreen/host/clock';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { reply, type Reply } from '@greenscreen/host/reply';
import { type RecordChange } from '@greenscreen/model/faults';
import { changeRecord, RecordChangeError } from '@greenscreen/model/records';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { recordChangeMembers } from '../faults/fault-rule.schema.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const body = z.strictObject({ ...recordChangeMembers, serial: z.string().min(1) });

@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class RecordsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Changes one of a device's records: `{target, serial, set | delete | clone}` (06, D-B67). */
  @Post(':tenant/records')
  @Operation('control', 'ChangeRecord')
  @Describe({ summary: "Change one of a device's records", body: body })
  async change(@Param('tenant') tenantId: string, @Body() bytes: Buffer): Promise<Reply> {
    if (!z.uuid().safeParse(tenantId).success) throw new Fault('control.NotFound', { what: `tenant ${tenantId}` });
    const { serial, ...given } = decodeBody(body, bytes);
    const change = JSON.parse(JSON.stringify(given)) as RecordChange;
    if ([change.set, change.delete, change.clone].filter((member) => member !== undefined).length !== 1)
      throw new Fault('control.BadRequest', { reason: 'body: needs exactly one of set, delete and clone' });
    const at = await this.clock.now(tenantId);
    const how = { random: this.random, at, correlationId: currentExchange().traceId };
    try {
      await this.dataSource.transaction((em) => changeRecord(em, change, { tenantId, serial }, how));
    } catch (error) {
      if (error instanceof RecordChangeError) throw new Fault('control.BadRequest', { reason: error.message });
      throw error;
    }
    return reply(204);
  }
}
