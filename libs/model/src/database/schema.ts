import { type DataSource } from 'typeorm';
import { createSearchIndexes } from './search-indexes.js';

/** Any constant will do: it only has to be the same for every process that migrates. */
const MIGRATION_LOCK = 0x67726e73; // "grns"

/** The database was made by a later version of this program, which alone can read it. */
export class NewerSchemaError extends Error {
  constructor(readonly unknown: readonly string[]) {
    super(
      `The database's schema is newer than this program: it does not know ${unknown.join(', ')}. Start the version that made the database, ` +
        'or a later one, or give this one another data directory or database',
    );
    this.name = 'NewerSchemaError';
  }
}

/** Names of the migrations that a database has had, in their order; none for an empty one. */
export async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const [table] = await dataSource.query<{ found: boolean }[]>(`SELECT to_regclass('schema_migration') IS NOT NULL AS found`);
  if (!table?.found) return [];
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM schema_migration ORDER BY id');
  return rows.map(({ name }) => name);
}

/** Refuses migrations that this program does not have. Throws {@link NewerSchemaError}. */
export function refuseNewer({ migrations }: DataSource, applied: readonly string[]): void {
  const known = migrations.map((migration) => migration.name ?? migration.constructor.name);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
}

/**
 * Brings the schema up to date. One that is newer is left alone and refused with {@link NewerSchemaError}. One process at a time: others wait on the advisory lock and then find nothing to do, so that services
 * which start together do not race (several migrators at once fail on an empty database).
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      refuseNewer(dataSource, await appliedMigrations(dataSource));
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
