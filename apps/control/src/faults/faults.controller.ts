import { Body, Controller, Delete, Get, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { FaultRules } from '@greenscreen/host/injection';
import { Journal } from '@greenscreen/host/journal';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { FaultRule } from '@greenscreen/model/faults';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { hopsOf } from './failure-walk.js';
import { faultRuleSchema, walkSchema } from './fault-rule.schema.js';

const armedFault = z
  .object({
    id: z.string(),
    run: z.string().nullable(),
    tenant: z.guid().nullable(),
    service: z.string(),
    on: z.string(),
    match: z.record(z.string(), z.unknown()),
    action: z.record(z.string(), z.unknown()),
    marked: z.boolean(),
    seen: z.int().describe('requests that met every other condition'),
    hits: z.int(),
  })
  .meta({ id: 'ArmedFault' });
const armedFaults = z.object({ value: z.array(armedFault) });
const walked = z.object({
  hops: z.array(z.object({ step: z.int(), service: z.string(), operation: z.string() })),
  armed: z.array(armedFault),
});

@Controller('faults')
@UseFilters(new FaultFilter(controlDialect))
export class FaultsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rules: FaultRules,
    private readonly journal: Journal,
  ) {}

  /** Armed faults with their counts, in the order in which they are tried. */
  @Get()
  @Operation('control', 'ListFaults')
  @Describe({ summary: 'Armed faults with their counts', answer: armedFaults })
  async list(@Query('run') run?: string, @Query('tenant') tenant?: string): Promise<Reply> {
    const rules = await this.dataSource.manager.find(FaultRule, { where: scopeOf(run, tenant), order: { id: 'ASC' } });
    return json(200, { value: rules.map(view) });
  }

  /** Arms a fault; from the next request on, everywhere. */
  @Post()
  @Operation('control', 'ArmFault')
  @Describe({ summary: 'Arm a fault', body: faultRuleSchema, answer: armedFault, status: 201 })
  async arm(@Body() body: Buffer): Promise<Reply> {
    const { service, on, match, ...rest } = decodeBody(faultRuleSchema, body);
    const rule = stored(rest);
    if (rule.action.record && match.serial !== undefined) rule.action.record.serial ??= match.serial;
    const armed = await this.rules.arm({ ...rule, service, operation: on, match: JSON.parse(JSON.stringify(match)) as FaultRule['match'] });
    return json(201, view(armed));
  }

  /**
   * A walk through what can fail: takes a recorded run apart into its hops and arms an outage for each, or for the one of `step`, that hits
   * once. Answers the hops and what is armed.
   */
  @Post('walk')
  @Operation('control', 'WalkFaults')
  @Describe({ summary: 'Arm a failure at each hop of a recorded run, or at one of them', body: walkSchema, answer: walked, status: 201 })
  async walk(@Body() body: Buffer): Promise<Reply> {
    const { of, step, action, run, tenant, marked } = decodeBody(walkSchema, body);
    await this.journal.flush();
    const hops = await hopsOf(this.dataSource, of);
    const due = step === undefined ? hops : hops.filter((hop) => hop.step === step);
    if (hops.length === 0) throw new Fault('control.NotFound', { what: `run ${of} in the journal` });
    if (due.length === 0) throw new Fault('control.BadRequest', { reason: `step: the run has ${hops.length} hops` });
    const armed = await this.rules.armAll(
      due.map(({ service, operation }) => ({
        ...stored({ run, tenant, action, marked }),
        service,
        operation,
        match: { nth: 1 },
      })),
    );
    return json(201, { hops, armed: armed.map(view) });
  }

  /** One by id, those of a run or tenant, or all. */
  @Delete()
  @Operation('control', 'ClearFaults')
  @Describe({ summary: 'Clear faults by id, run or tenant, or all' })
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

/** What every rule has, as its row wants it. JSON leaves out what is undefined. */
const stored = ({ run, tenant, action, marked }: Pick<z.output<typeof walkSchema>, 'run' | 'tenant' | 'action' | 'marked'>) => ({
  run: run ?? null,
  tenantId: tenant ?? null,
  action: JSON.parse(JSON.stringify(action)) as FaultRule['action'],
  marked,
});

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
