import { appliedMigrations, refuseNewer } from '@greenscreen/model/database';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { advanceSequences } from './sequences.js';
import { exportedTables, quote } from './tables.js';

/** The first line of a lab file; after it, two lines a table: its name, and its rows as one JSON array. */
const header = z.object({ greenscreen: z.literal('lab'), format: z.literal(1), migrations: z.array(z.string()) });

/** The file cannot be read; the message says why. */
export class LabFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabFileError';
  }
}

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/**
 * The whole state of the lab as of one moment, gzip: every table but journal and runs, authorities and their keys included. Postgres writes the
 * rows, so that no number or time passes through JavaScript.
 */
export async function writeLabFile(dataSource: DataSource): Promise<Buffer> {
  const migrations = await appliedMigrations(dataSource);
  const lines = [JSON.stringify({ greenscreen: 'lab', format: 1, migrations })];
  await dataSource.transaction('REPEATABLE READ', async (em) => {
    for (const table of exportedTables(dataSource)) {
      const [found] = await em.query<{ rows: string }[]>(`SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${table} t`);
      lines.push(table, (found?.rows ?? '[]').replaceAll('\n', ' '));
    }
  });
  return pack(Buffer.from(`${lines.join('\n')}\n`, 'utf8'));
}

/**
 * Puts a lab file in the place of everything there is; true when authorities came with it that this installation did not have, which running
 * processes have to be told by starting anew. Throws {@link LabFileError}, and NewerSchemaError for the file of a later version.
 */
export async function readLabFile(dataSource: DataSource, file: Buffer): Promise<boolean> {
  const { migrations, rows } = await parse(file);
  refuseNewer(dataSource, migrations);
  return dataSource.transaction(async (em) => {
    const before = await fingerprints(em);
    await em.query(`TRUNCATE ${exportedTables(dataSource).join(', ')}`);
    for (const table of exportedTables(dataSource)) {
      const given = rows.get(table);
      if (given !== undefined) await insert(em, table, given);
    }
    await advanceSequences(dataSource, em);
    return [...(await fingerprints(em))].some((name) => !before.has(name));
  });
}

async function parse(file: Buffer): Promise<{ migrations: string[]; rows: Map<string, string> }> {
  let lines: string[];
  try {
    lines = (await unpack(file)).toString('utf8').split('\n');
  } catch (error) {
    throw new LabFileError('This is no lab file: it is not compressed by gzip', { cause: error });
  }
  const [first = '', ...rest] = lines;
  const found = header.safeParse(json(first));
  if (!found.success) throw new LabFileError('This is no lab file: its first line says nothing of it');
  if (rest.length % 2 !== 1 || rest.at(-1) !== '') throw new LabFileError('The lab file is not whole');
  const rows = new Map<string, string>();
  for (let at = 0; at + 1 < rest.length; at += 2) rows.set(rest[at] ?? '', rest[at + 1] ?? '');
  return { migrations: found.data.migrations, rows };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Columns that the file does not have, because it is older, get their defaults. */
async function insert(em: EntityManager, table: string, rows: string): Promise<void> {
  const [first] = await em.query<{ columns: string[] | null }[]>(`SELECT array(SELECT json_object_keys($1::json -> 0)) AS columns`, [rows]);
  const columns = (first?.columns ?? []).map(quote).join(', ');
  if (columns === '') return;
  await em.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`, [rows]);
}

const fingerprints = async (em: EntityManager): Promise<Set<string>> =>
  new Set((await em.find(AuthorityRecord)).map(({ name, certificate }) => `${name} ${certificate.toString('hex')}`));
