import { Random } from '@greenscreen/host/random';
import { createDataSource, migrate } from '@greenscreen/model/database';
import { ensureContosolab } from '@greenscreen/model/seed';

export interface MigrationOptions {
  /** Make the tenant that is always there when it is missing. */
  readonly seed: boolean;
}

/** Brings a database's schema up to date: the one place that does, whoever starts first (design 4.11). */
export async function migrateDatabase(url: string, { seed }: MigrationOptions): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 2, applicationName: 'greenscreen-migrate' }).initialize();
  try {
    await migrate(dataSource);
    if (seed) await ensureContosolab(dataSource, Random.ofService());
  } finally {
    await dataSource.destroy();
  }
}
