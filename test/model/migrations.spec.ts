import { createDataSource, migrate, migrations } from '@greenscreen/model/database';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { ownDatabase } from '../support/database.js';

describe('the schema', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await createDataSource({ url: await ownDatabase('migrations'), poolSize: 2 }).initialize();
  }, 60_000);
  afterAll(() => dataSource.destroy());

  it('that the migrations make is the one that the entities describe', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('is up to date afterwards, and migrating again changes nothing', async () => {
    const count = async () => Number((await dataSource.query<{ n: string }[]>('SELECT count(*) AS n FROM schema_migration'))[0]?.n);
    expect(await count()).toBe(Array.isArray(migrations) ? migrations.length : -1);
    await migrate(dataSource);
    expect(await count()).toBe(Array.isArray(migrations) ? migrations.length : -1);
  });

  it('a column that no entity knows is noticed', async () => {
    await dataSource.query('ALTER TABLE tenant ADD COLUMN stray text');
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.some(({ query }) => query.includes('stray'))).toBe(true);
    await dataSource.query('ALTER TABLE tenant DROP COLUMN stray');
  });
});
