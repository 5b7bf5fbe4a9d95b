import { startCloud } from '@greenscreen/all';
import { KeyPool } from '@greenscreen/crypto/keys';
import { createLogger } from '@greenscreen/host/logging';
import { createDataSource, migrate, migrations } from '@greenscreen/model/database';
import { findScenario } from '@greenscreen/scenarios/format';
import { runScenario } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { type DataSource } from 'typeorm';

describe('a Postgres container', () => {
  let postgres: StartedPostgreSqlContainer;
  const url = (): string => postgres.getConnectionUri();
  beforeAll(async () => {
    postgres = await new PostgreSqlContainer('postgres:17-alpine').start();
  }, 120_000);
  afterAll(() => postgres.stop());

  const withDatabase = async <T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> => {
    const dataSource = await createDataSource({ url: url(), poolSize: 2 }).initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  };

  it('is migrated once, however many start at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => withDatabase(migrate)));
    const [row] = await withDatabase((dataSource) => dataSource.query<{ n: string }[]>('SELECT count(*) AS n FROM schema_migration'));
    expect(Number(row?.n)).toBe(Array.isArray(migrations) ? migrations.length : -1);
  });

  it('has the schema that the entities describe', async () => {
    const { upQueries } = await withDatabase((dataSource) => dataSource.driver.createSchemaBuilder().log());
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('carries a whole run', async () => {
    const keys = new KeyPool({ rsa2048: 4 });
    const logger = createLogger({ level: 'silent' });
    const ports = { gatewayPort: 0, httpPort: 0, controlPort: 0 };
    const cloud = await startCloud({ url: url(), host: '127.0.0.1', ...ports, empty: true, ephemeral: false, logger });
    try {
      const result = await runScenario({
        scenario: findScenario('happy-entra-preprovision'),
        cloud: {
          gateway: { host: '127.0.0.1', port: cloud.gatewayPort, httpPort: cloud.httpPort },
          control: `http://127.0.0.1:${cloud.controlPort}`,
        },
        tpm: 'software',
        keys,
      });
      expect(result.differences).toEqual([]);
    } finally {
      await cloud.close();
      keys.close();
    }
  }, 120_000);
});
