import { Body, Controller, Delete, Get, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { FaultRules } from '@greenscreen/host/injection';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { FaultRule } from '@greenscreen/model/faults';
import { DataSource } from 'typeorm';
import { controlDialect } from '../control.errors.js';
import { decodeBody } from '../request-body.js';
import { faultRuleSchema } from './fault-rule.schema.js';

@Controller('faults')
@UseFilters(new FaultFilter(controlDialect))
export class FaultsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rules: FaultRules,
  ) {}

  /** Armed faults with their counts, in the order in which they are tried. */
  @Get()
  @Operation('control', 'ListFaults')
  async list(@Query('run') run?: string, @Query('tenant') tenant?: string): Promise<Reply> {
    const rules = await this.dataSource.manager.find(FaultRule, { where: scopeOf(run, tenant), order: { id: 'ASC' } });
    return json(200, { value: rules.map(view) });
  }

  /** Arms a fault; from the next request on, everywhere. */
  @Post()
  @Operation('control', 'ArmFault')
  async arm(@Body() body: Buffer): Promise<Reply> {
    const { run, tenant, service, on, match, action, marked } = decodeBody(faultRuleSchema, body);
    const armed = await this.rules.arm({
      run: run ?? null,
      tenantId: tenant ?? null,
      service,
      operation: on,
      // JSON leaves out what is undefined.
      match: JSON.parse(JSON.stringify(match)) as FaultRule['match'],
      action: JSON.parse(JSON.stringify(action)) as FaultRule['action'],
      marked,
    });
    return json(201, view(armed));
  }

  /** One by id, those of a run or tenant, or all. */
  @Delete()
  @Operation('control', 'ClearFaults')
  async clear(@Query('id') id?: string, @Query('run') run?: string, @Query('tenant') tenant?: string): Promise<Reply> {
    if (id !== undefined && !/^\d+$/.test(id)) throw new Fault('control.BadRequest', { reason: 'id: is not a number' });
    const cleared = await this.rules.clear({ ...(id === undefined ? {} : { id }), ...scopeOf(run, tenant) });
    if (id !== undefined && cleared === 0) throw new Fault('control.NotFound', { what: `fault ${id}` });
    return reply(204);
  }
}

function scopeOf(run: string | undefined, tenant: string | undefined): { run?: string; tenantId?: string } {
  if (tenant !== undefined && !/^[0-9a-f-]{36}$/i.test(tenant)) throw new Fault('control.BadRequest', { reason: 'tenant: is not a GUID' });
  return { ...(run === undefined ? {} : { run }), ...(tenant === undefined ? {} : { tenantId: tenant }) };
}

const view = ({ id, run, tenantId, service, operation, match, action, marked, seen, hits }: FaultRule): object => ({
  id,
  run,
  tenant: tenantId,
  service,
  on: operation,
  match,
  action,
  marked,
  seen,
  hits,
});
