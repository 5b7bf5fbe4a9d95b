import { type DataSource, type EntityManager } from 'typeorm';
import { advanceSequences } from './sequences.js';
import { quote, snapshotTables } from './tables.js';

/** Snapshots are schemas of this name beside the live one. */
const PREFIX = 'snapshot_';
export const SNAPSHOT_NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;

export interface SnapshotInfo {
  readonly name: string;
  /** Bytes on disk. */
  readonly size: number;
}

const schemaOf = (name: string): string => quote(`${PREFIX}${name}`);

/** Copies every table, as of one moment, over an older snapshot of that name. */
export function takeSnapshot(dataSource: DataSource, name: string): Promise<void> {
  return dataSource.transaction('REPEATABLE READ', async (em) => {
    await em.query(`DROP SCHEMA IF EXISTS ${schemaOf(name)} CASCADE`);
    await em.query(`CREATE SCHEMA ${schemaOf(name)}`);
    for (const table of snapshotTables(dataSource)) await em.query(`CREATE TABLE ${schemaOf(name)}.${table} AS TABLE ${table}`);
  });
}

/** Puts everything back as it was; false when there is no such snapshot. */
export function restoreSnapshot(dataSource: DataSource, name: string): Promise<boolean> {
  return dataSource.transaction(async (em) => {
    const kept = await tablesIn(em, name);
    if (kept.length === 0) return false;
    const tables = snapshotTables(dataSource);
    await em.query(`TRUNCATE ${tables.join(', ')}`);
    for (const table of tables.filter((candidate) => kept.includes(candidate))) {
      // By name: a snapshot of an older schema lacks new columns, which then get their defaults.
      const columns = (await columnsOf(em, name, table)).join(', ');
      await em.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${schemaOf(name)}.${table}`);
    }
    await advanceSequences(dataSource, em);
    return true;
  });
}

/** False when there is none of that name. */
export async function dropSnapshot(dataSource: DataSource, name: string): Promise<boolean> {
  if ((await tablesIn(dataSource.manager, name)).length === 0) return false;
  await dataSource.query(`DROP SCHEMA ${schemaOf(name)} CASCADE`);
  return true;
}

export async function listSnapshots(dataSource: DataSource): Promise<SnapshotInfo[]> {
  const rows = await dataSource.query<{ schemaname: string; size: string }[]>(
    `SELECT schemaname, sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass)) AS size
     FROM pg_tables WHERE starts_with(schemaname, $1) GROUP BY schemaname ORDER BY schemaname`,
    [PREFIX],
  );
  return rows.map(({ schemaname, size }) => ({ name: schemaname.slice(PREFIX.length), size: Number(size) }));
}

async function tablesIn(em: EntityManager, name: string): Promise<string[]> {
  const rows = await em.query<{ tablename: string }[]>('SELECT tablename FROM pg_tables WHERE schemaname = $1', [`${PREFIX}${name}`]);
  return rows.map(({ tablename }) => quote(tablename));
}

async function columnsOf(em: EntityManager, name: string, table: string): Promise<string[]> {
  const rows = await em.query<{ column_name: string }[]>(
    `SELECT s.column_name FROM information_schema.columns s
     JOIN information_schema.columns l ON l.table_schema = current_schema() AND l.table_name = s.table_name AND l.column_name = s.column_name
     WHERE s.table_schema = $1 AND quote_ident(s.table_name) = quote_ident($2)`,
    [`${PREFIX}${name}`, table.slice(1, -1)],
  );
  return rows.map(({ column_name: column }) => quote(column));
}
