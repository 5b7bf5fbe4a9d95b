import { JournalEntry } from '@greenscreen/model/installation';
import { performance } from 'node:perf_hooks';
import { type DataSource } from 'typeorm';
import { integer } from '../config/config.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Logger } from '../logging/logger.js';

/** Rows per INSERT: well below Postgres' 65,535 parameters. */
const BATCH = 200;
/** Entries waiting in memory before new ones are dropped: bodies are bounded, so this bounds memory too. */
const WAITING = 5000;
const DELAY_MS = 250;
/** Longer bodies are cut in the journal, never on the wire. */
const BODY_LIMIT = 256 * 1024;

/** `GREENSCREEN_JOURNAL_<KEY>`. */
export const journalSettings = {
  entries: integer(200_000, 'Exchanges that the journal keeps; 0 keeps all.'),
} as const;

/** The oldest go once so many of a process are written: not with each batch, and what is too much stays small beside what is kept. */
const pruneAfter = (kept: number): number => Math.max(1, Math.min(5_000, Math.ceil(kept / 20)));

type Row = Omit<JournalEntry, 'id'>;

/** Records every exchange, off the request path: entries are written in batches, and reading flushes first. */
export class Journal {
  private waiting: Row[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private dropped = 0;
  private unpruned = 0;

  /** `kept`: entries that stay, the latest ones; 0 for all. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
    private readonly kept: number = journalSettings.entries.default,
  ) {}

  record(exchange: Exchange, status: number): void {
    if (this.waiting.length >= WAITING) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(rowOf(exchange, status));
    if (this.waiting.length >= BATCH) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), DELAY_MS).unref();
  }

  /** Resolves when everything recorded so far is in Postgres. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.waiting;
    this.waiting = [];
    this.writing = this.writing.then(async () => {
      if (this.dropped > 0) {
        this.logger.warn({ dropped: this.dropped }, 'journal entries were dropped: Postgres does not keep up');
        this.dropped = 0;
      }
      for (let start = 0; start < rows.length; start += BATCH) {
        await this.dataSource
          .createQueryBuilder()
          .insert()
          .into(JournalEntry)
          .values(rows.slice(start, start + BATCH))
          .updateEntity(false)
          .execute();
      }
      this.unpruned += rows.length;
      if (this.kept > 0 && this.unpruned >= pruneAfter(this.kept)) await this.prune();
    });
    this.writing = this.writing.catch((error: unknown) => this.logger.error({ err: error }, 'journal entries could not be written'));
    return this.writing;
  }

  /** By id, which the primary key finds. Numbers that were never used count as entries: at most a few too many go. */
  private async prune(): Promise<void> {
    this.unpruned = 0;
    await this.dataSource.query('DELETE FROM journal_entry WHERE id <= (SELECT max(id) FROM journal_entry) - $1', [this.kept]);
  }
}

function rowOf(exchange: Exchange, status: number): Row {
  const { reply } = exchange;
  return {
    at: new Date(),
    milliseconds: performance.now() - exchange.startedAt,
    service: exchange.service,
    operation: exchange.operation,
    tenantId: exchange.tenantId ?? null,
    deviceId: exchange.deviceId ?? null,
    serial: exchange.serial ?? null,
    run: exchange.run ?? null,
    traceId: exchange.traceId,
    method: exchange.method,
    host: exchange.host,
    path: exchange.path,
    requestHeaders: exchange.headers,
    requestBody: exchange.body.subarray(0, BODY_LIMIT),
    status,
    responseHeaders: Object.fromEntries(Object.entries(reply?.headers ?? {}).map(([name, value]) => [name, String(value)])),
    responseBody: reply?.body.subarray(0, BODY_LIMIT) ?? Buffer.alloc(0),
    refusal: exchange.refusal ?? null,
    refusedBy: exchange.refusedBy ?? null,
    faultRule: exchange.injection?.rule ?? null,
  };
}
