import { appliedMigrations, refuseNewer } from '@greenscreen/model/database';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { type Logger } from '../logging/logger.js';

const PAUSE_MS = 250;
const PATIENCE_MS = 60_000;

/** Waits until the one migrator has brought the schema up to date; services never migrate. A newer schema is refused at once. */
export async function waitForSchema(dataSource: DataSource, logger: Logger): Promise<void> {
  const expected = dataSource.migrations.length;
  const until = Date.now() + PATIENCE_MS;
  for (let said = false; ; said = true) {
    const applied = await appliedMigrations(dataSource);
    refuseNewer(dataSource, applied);
    const found = applied.length;
    if (found === expected) return;
    if (Date.now() > until)
      throw new Error(`The database's schema has ${found} of ${expected} migrations: run "greenscreen migrate" first`);
    if (!said) logger.info({ found, expected }, 'waiting for the schema to be migrated');
    await delay(PAUSE_MS);
  }
}
