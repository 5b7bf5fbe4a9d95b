import { createDataSource, migrate } from '@greenscreen/model/database';

/** Brings a database's schema up to date: the one place that does, whoever starts first (design 4.11). */
export async function migrateDatabase(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 2, applicationName: 'greenscreen-migrate' }).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
