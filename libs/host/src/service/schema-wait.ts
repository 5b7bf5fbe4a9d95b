import { migrations } from '@greenscreen/model/database';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { type Logger } from '../logging/logger.js';

const PAUSE_MS = 250;
const PATIENCE_MS = 60_000;

/** Waits until the one migrator has brought the schema up to date; services never migrate. */
export async function waitForSchema(dataSource: DataSource, logger: Logger): Promise<void> {
  const expected = Array.isArray(migrations) ? migrations.length : Object.keys(migrations).length;
  const until = Date.now() + PATIENCE_MS;
  for (let said = false; ; said = true) {
    const found = await applied(dataSource);
    if (found === expected) return;
    if (found > expected)
      throw new Error(`The database's schema is newer (${found} migrations) than this program (${expected}): use a newer version`);
    if (Date.now() > until)
      throw new Error(`The database's schema has ${found} of ${expected} migrations: run "greenscreen migrate" first`);
    if (!said) logger.info({ found, expected }, 'waiting for the schema to be migrated');
    await delay(PAUSE_MS);
  }
}

async function applied(dataSource: DataSource): Promise<number> {
  const exists = await dataSource.query<{ found: boolean }[]>(`SELECT to_regclass('schema_migration') IS NOT NULL AS found`);
  if (!exists[0]?.found) return 0;
  const rows = await dataSource.query<{ count: string }[]>('SELECT count(*) AS count FROM schema_migration');
  return Number(rows[0]?.count ?? 0);
}
