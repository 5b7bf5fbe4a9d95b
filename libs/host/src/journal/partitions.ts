import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';

/** Any constant will do: it only has to be the same for every process that makes or drops partitions. */
const PARTITIONS_LOCK = 0x67726e6a; // "grnj"
/** Dropping one waits for whoever reads or writes the journal, and holds up everybody who comes later: rather tried again another time. */
const DROP_PATIENCE_MS = 500;

/** PostgreSQL's codes: a row that no partition takes is a violated check. */
const CHECK_VIOLATION = '23514';
const LOCK_NOT_AVAILABLE = '55P03';

/** As Postgres writes the bounds of a partition. */
const BOUNDS = String.raw`FROM \('?(\d+)'?\) TO \('?(\d+)'?\)`;

interface Partition {
  readonly name: string;
  /** First id. */
  readonly from: number;
  /** First id behind it. */
  readonly to: number;
}

/**
 * The partitions of the journal: ranges of ids, each a table. They are made ahead of need by whoever writes, however many processes that are,
 * and the oldest are dropped whole.
 */
export class JournalPartitions {
  /** `width`: ids of a new partition. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly width: number,
  ) {}

  /** Makes what is missing of the partitions for the next ids. */
  async makeRoom(): Promise<void> {
    const missing = async (em: EntityManager): Promise<Partition[]> => {
      const next = await nextId(em);
      return gaps(await partitions(em), next, next + Math.ceil(this.width / 2), this.width);
    };
    if ((await missing(this.dataSource.manager)).length === 0) return;
    await this.dataSource.transaction(async (em) => {
      // One at a time; the second sees what the first has made.
      await em.query('SELECT pg_advisory_xact_lock($1)', [PARTITIONS_LOCK]);
      for (const { name, from, to } of await missing(em)) {
        // Made apart and attached: unlike making it in its place, that lets others go on writing.
        await em.query(`CREATE TABLE ${name} (LIKE journal_entry INCLUDING ALL)`);
        await em.query(`ALTER TABLE journal_entry ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
      }
    });
  }

  /** Drops the partitions all of whose entries are older than the latest `kept`. */
  async dropOldest(kept: number): Promise<void> {
    const outlived = async (em: EntityManager): Promise<string[]> => {
      const oldest = (await nextId(em)) - kept;
      return (await partitions(em)).filter(({ to }) => to <= oldest).map(({ name }) => name);
    };
    if ((await outlived(this.dataSource.manager)).length === 0) return;
    try {
      await this.dataSource.transaction(async (em) => {
        await em.query('SELECT pg_advisory_xact_lock($1)', [PARTITIONS_LOCK]);
        await em.query(`SET LOCAL lock_timeout = ${DROP_PATIENCE_MS}`);
        for (const name of await outlived(em)) await em.query(`DROP TABLE ${name}`);
      });
    } catch (error) {
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
    }
  }
}

/** Whether entries were refused because no partition takes their ids. None of them was written. */
export const lacksPartition = (error: unknown): boolean => codeOf(error) === CHECK_VIOLATION;

function codeOf(error: unknown): unknown {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

/** The id that the next entry gets. */
async function nextId(em: EntityManager): Promise<number> {
  const [sequence] = await em.query<{ next: string }[]>('SELECT last_value + is_called::int AS next FROM journal_entry_id_seq');
  return Number(sequence?.next ?? 1);
}

async function partitions(em: EntityManager): Promise<Partition[]> {
  const rows = await em.query<{ name: string; bounds: [string, string] }[]>(
    `SELECT i.inhrelid::regclass::text AS name, regexp_match(pg_get_expr(c.relpartbound, c.oid), $1) AS bounds
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'journal_entry'::regclass`,
    [BOUNDS],
  );
  return rows.map(({ name, bounds: [from, to] }) => ({ name, from: Number(from), to: Number(to) }));
}

/** Partitions that the ids from `from` to `until` lack: on a grid of `width`, cut where there is one already. */
function gaps(there: readonly Partition[], from: number, until: number, width: number): Partition[] {
  const missing: Partition[] = [];
  for (let id = from; id <= until;) {
    const home = there.find((partition) => partition.from <= id && id < partition.to);
    if (home) {
      id = home.to;
      continue;
    }
    const cell = Math.floor((id - 1) / width) * width + 1;
    const first = Math.max(cell, ...there.filter(({ to }) => to <= id).map(({ to }) => to));
    const to = Math.min(cell + width, ...there.filter((partition) => partition.from > id).map((partition) => partition.from));
    missing.push({ name: `journal_entry_${first}`, from: first, to });
    id = to;
  }
  return missing;
}
