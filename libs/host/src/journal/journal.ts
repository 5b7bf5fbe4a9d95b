import { JournalEntry } from '@greenscreen/model/installation';
import { performance } from 'node:perf_hooks';
import { type DataSource } from 'typeorm';
import { integer } from '../config/config.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Logger } from '../logging/logger.js';
import { JournalPartitions, lacksPartition } from './partitions.js';

/** Rows per INSERT: well below Postgres' 65,535 parameters. */
const BATCH = 200;
/** Entries waiting in memory before new ones are dropped: bodies are bounded, so this bounds memory too. */
const WAITING = 5000;
const DELAY_MS = 250;
/** Longer bodies are cut in the journal, never on the wire. */
const BODY_LIMIT = 256 * 1024;

/** `GREENSCREEN_JOURNAL_<KEY>`. */
export const journalSettings = {
  entries: integer(200_000, 'Exchanges that the journal keeps, and up to a quarter more (at least 1,000); 0 keeps all.'),
} as const;

/** Ids of a partition: a quarter of what is kept, so that there are few, and at most a quarter too much. */
const widthFor = (kept: number): number => (kept === 0 ? 1_000_000 : Math.max(1_000, Math.ceil(kept / 4)));
/** A process looks after the partitions before its first entry, and again after so many. */
const tendAfter = (width: number): number => Math.min(5_000, Math.ceil(width / 10));
/** How often entries are tried that no partition takes. Others write too, and may take the room that was made. */
const TRIES = 3;

type Row = Omit<JournalEntry, 'id'>;

/** Records every exchange, off the request path: entries are written in batches, and reading flushes first. */
export class Journal {
  private waiting: Row[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private dropped = 0;
  private untended = Infinity;
  private readonly partitions: JournalPartitions;

  /** `kept`: entries that stay at least, the latest ones; 0 for all. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
    private readonly kept: number = journalSettings.entries.default,
  ) {
    this.partitions = new JournalPartitions(dataSource, widthFor(kept));
  }

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
      if (rows.length > 0 && this.untended >= tendAfter(widthFor(this.kept))) await this.tend();
      for (let start = 0; start < rows.length; start += BATCH) await this.insert(rows.slice(start, start + BATCH));
      this.untended += rows.length;
    });
    this.writing = this.writing.catch((error: unknown) => this.logger.error({ err: error }, 'journal entries could not be written'));
    return this.writing;
  }

  /** All of them in one statement: when one has no partition, none is written, and all are written again once there is one. */
  private async insert(rows: Row[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.dataSource.createQueryBuilder().insert().into(JournalEntry).values(rows).updateEntity(false).execute();
        return;
      } catch (error) {
        if (!lacksPartition(error) || tries === TRIES) throw error;
        await this.partitions.makeRoom();
      }
    }
  }

  /** Room for the entries to come, and the oldest go. When that fails, entries are written all the same. */
  private async tend(): Promise<void> {
    this.untended = 0;
    try {
      await this.partitions.makeRoom();
      if (this.kept > 0) await this.partitions.dropOldest(this.kept);
    } catch (error) {
      this.logger.error({ err: error }, 'the partitions of the journal could not be looked after');
    }
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
