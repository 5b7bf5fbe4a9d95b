import { type DataSource } from 'typeorm';
import { createSearchIndexes } from './search-indexes.js';

/** Any constant will do: it only has to be the same for every process that migrates. */
const MIGRATION_LOCK = 0x67726e73; // "grns"

/**
 * Brings the schema up to date. One process at a time: others wait on the advisory lock and then find nothing to do, so that services
 * which start together do not race (several migrators at once fail on an empty database).
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      if (dataSource.migrations.length === 0) await dataSource.synchronize();
      else await dataSource.runMigrations({ transaction: 'all' });
      await createSearchIndexes(runner);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}
