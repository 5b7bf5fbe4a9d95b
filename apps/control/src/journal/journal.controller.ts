import { Controller, Delete, Get, Param, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Journal } from '@greenscreen/host/journal';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { JournalEntry } from '@greenscreen/model/installation';
import { DataSource, type FindOptionsWhere, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeExchange } from '../decoded/index.js';
import { journalExchange, journalList } from './journal-answers.js';
import { ownKeys } from './own-keys.js';

const filters = z.object({
  tenant: z.uuid().optional(),
  device: z.string().optional(),
  serial: z.string().optional(),
  run: z.string().optional(),
  service: z.string().optional(),
  operation: z.string().optional(),
  refused: z.enum(['true', 'false']).optional(),
  fault: z
    .string()
    .regex(/^\d{1,18}$/, 'is not a number')
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

@Controller('journal')
@UseFilters(new FaultFilter(controlDialect))
export class JournalController {
  constructor(
    private readonly journal: Journal,
    private readonly dataSource: DataSource,
  ) {}

  /** The latest exchanges that fit the filters, oldest first, without headers and bodies. */
  @Get()
  @Operation('control', 'ReadJournal')
  @Describe({ summary: 'The latest exchanges that fit', query: filters, answer: journalList })
  async list(@Query() query: Record<string, unknown>): Promise<Reply> {
    const parsed = filters.safeParse(query);
    if (!parsed.success)
      throw new Fault('control.BadRequest', {
        reason: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      });
    await this.journal.flush();
    const { limit, tenant, device, serial, run, service, operation, refused, fault } = parsed.data;
    const where: FindOptionsWhere<JournalEntry> = {
      ...(tenant ? { tenantId: tenant } : {}),
      ...(device ? { deviceId: device } : {}),
      ...(serial ? { serial } : {}),
      ...(run ? { run } : {}),
      ...(service ? { service } : {}),
      ...(operation ? { operation } : {}),
      ...(fault ? { faultRule: fault } : {}),
      ...(refused === undefined ? {} : { refusal: refused === 'true' ? Not(IsNull()) : IsNull() }),
    };
    const rows = await this.dataSource.manager.find(JournalEntry, { where, order: { id: 'DESC' }, take: limit });
    return json(200, { entries: rows.reverse().map(summary) });
  }

  /** One exchange, whole: bodies as text where they are text, else base64, and beside them what they say. */
  @Get(':id')
  @Operation('control', 'ReadJournalEntry')
  @Describe({ summary: 'An exchange, whole and decoded', answer: journalExchange })
  async read(@Param('id') id: string): Promise<Reply> {
    await this.journal.flush();
    const entry = /^\d{1,18}$/.test(id) ? await this.dataSource.manager.findOneBy(JournalEntry, { id }) : null;
    if (!entry) throw new Fault('control.NotFound', { what: `journal entry ${id}` });
    const { requestHeaders, requestBody, responseHeaders, responseBody } = entry;
    return json(200, {
      ...summary(entry),
      requestHeaders,
      request: bodyOf(requestBody),
      responseHeaders,
      response: bodyOf(responseBody),
      decoded: decodeExchange(entry, await ownKeys(this.dataSource)),
    });
  }

  @Delete()
  @Operation('control', 'ClearJournal')
  @Describe({ summary: 'Empty the journal' })
  async clear(@Query('tenant') tenant?: string): Promise<Reply> {
    await this.journal.flush();
    if (tenant) await this.dataSource.manager.delete(JournalEntry, { tenantId: tenant });
    else await this.dataSource.manager.clear(JournalEntry);
    return reply(204);
  }
}

const summary = ({
  id,
  at,
  milliseconds,
  service,
  operation,
  tenantId,
  deviceId,
  serial,
  run,
  traceId,
  method,
  host,
  path,
  status,
  refusal,
  refusedBy,
  faultRule,
}: JournalEntry) => ({
  id,
  at,
  milliseconds,
  service,
  operation,
  tenantId,
  deviceId,
  serial,
  run,
  traceId,
  method,
  host,
  path,
  status,
  refusal,
  refusedBy,
  fault: faultRule,
});

function bodyOf(body: Buffer): { text: string } | { base64: string } {
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body) ? { text } : { base64: body.toString('base64') };
}
