import { createDataSource, migrate } from '@greenscreen/model/database';
import { Client } from 'pg';

/** Held while the first spec file of a run makes the database that all of them share. */
const LOCK = 0x67727465;

function serverUrl(): URL {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set: start the tests through "npm test" or "npm run jest"');
  return new URL(url);
}

async function withServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: serverUrl().href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(name: string): Promise<string> {
  await withServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE "${name}"`);
  });
  const url = serverUrl();
  url.pathname = `/${name}`;
  return url.href;
}

/** URL of the database that all spec files share: every spec makes a tenant of its own in it. */
export async function sharedDatabase(): Promise<string> {
  const url = await createDatabase(process.env.GREENSCREEN_TEST_DATABASE ?? 'greenscreen_test');
  await prepare(url);
  return url;
}

/** URL of a database for one spec file, for what concerns the whole installation (reset, installation clock, migrations). */
export async function ownDatabase(name: string): Promise<string> {
  const url = await createDatabase(`greenscreen_test_${name}_${process.pid}`);
  await prepare(url);
  return url;
}

async function prepare(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 2 }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}
