import { processConsole, run as greenscreen } from '@greenscreen/cli';
import { control } from '@greenscreen/control';
import { createLogger } from '@greenscreen/host/logging';
import { waitForSchema } from '@greenscreen/host/service';
import { createDataSource, migrate, NewerSchemaError } from '@greenscreen/model/database';
import { JournalEntry } from '@greenscreen/model/installation';
import { sts } from '@greenscreen/sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startCloud, type TestCloud } from '../support/cloud.js';
import { ownDatabase } from '../support/database.js';
import { newTenant } from '../support/tenant.js';

type Running = Awaited<ReturnType<typeof startCloud>>;
let first: Running;
let second: Running;
let secondDatabase: string;
beforeAll(async () => {
  first = await startCloud([control, sts], await ownDatabase('lab-first'));
  secondDatabase = await ownDatabase('lab-second');
  second = await startCloud([control, sts], secondDatabase);
}, 60_000);
afterAll(async () => {
  await first.stop();
  await second.stop();
});

const at = ({ cloud }: Running, path: string, body?: Buffer) =>
  cloud.request(`http://127.0.0.1${path}`, body ? { method: 'PUT', body } : {});
const roots = async (running: Running): Promise<string> => (await at(running, '/roots.pem')).text();
const keys = async ({ cloud }: Running): Promise<unknown> =>
  (await cloud.request('https://login.microsoftonline.com/common/discovery/keys')).json();

/** Every row but the journal's, as Postgres writes it. */
async function content({ context: { dataSource } }: TestCloud): Promise<Record<string, string[]>> {
  const tables = dataSource.entityMetadatas.filter(({ target }) => target !== JournalEntry).map(({ tableName }) => tableName);
  const read = async (table: string): Promise<[string, string[]]> => {
    const rows = await dataSource.query<{ row: string }[]>(`SELECT t::text AS row FROM "${table}" t ORDER BY 1`);
    return [table, rows.map(({ row }) => row)];
  };
  return Object.fromEntries(await Promise.all(tables.map(read)));
}

describe('the state of a lab as a file', () => {
  it('is another lab’s state once it is imported there, authorities and all', async () => {
    const { tenant } = await newTenant(first.cloud);
    await first.cloud.context.faultRules.arm({ service: 'drs', operation: '*', action: { hold: true } });
    const there = [await keys(first), await roots(first)];
    expect(await keys(second)).not.toEqual(there[0]);
    const file = (await at(first, '/state')).body;
    expect((await at(second, '/state', file)).json()).toEqual({ restart: true });
    expect(await content(second.cloud)).toEqual(await content(first.cloud));
    expect((await content(second.cloud)).tenant?.some((row) => row.includes(tenant.id))).toBe(true);
    // Started again, it is the other lab.
    await second.stop();
    second = await startCloud([control, sts], secondDatabase);
    expect([await keys(second), await roots(second)]).toEqual(there);
    expect((await at(second, '/state', file)).json()).toEqual({ restart: false });
    // Ids that the database gives out go on behind the imported ones.
    const { id } = await second.cloud.context.faultRules.arm({ service: 'sts', operation: 'None', action: { hold: true } });
    expect(Number(id)).toBeGreaterThan(1);
  }, 60_000);

  it('is refused when it is none, not whole, or of a later version; then nothing has changed', async () => {
    const before = await content(second.cloud);
    const lines = gunzipSync((await at(first, '/state')).body)
      .toString()
      .split('\n');
    const [head = '', ...rest] = lines;
    const later = JSON.parse(head) as { migrations: string[] };
    later.migrations.push('Tomorrow4102444800000');
    const pack = (...of: string[]): Buffer => gzipSync(of.join('\n'));
    for (const [file, status] of [
      [Buffer.from('nonsense'), 400],
      [pack('{"greenscreen":"else"}', ''), 400],
      [pack(head, ...rest.slice(0, 9)), 400],
      [pack(JSON.stringify(later), ...rest), 409],
    ] as const)
      expect((await at(second, '/state', file)).status).toBe(status);
    expect(await content(second.cloud)).toEqual(before);
  });
});

describe('a database of a later version', () => {
  it('is refused by the migrator, by services and by the command, and left alone', async () => {
    const url = await ownDatabase('lab-later');
    const dataSource = await createDataSource({ url, poolSize: 2 }).initialize();
    try {
      await migrate(dataSource);
      await dataSource.query(`INSERT INTO schema_migration (timestamp, name) VALUES (4102444800000, 'Tomorrow4102444800000')`);
      await expect(migrate(dataSource)).rejects.toThrow(NewerSchemaError);
      await expect(waitForSchema(dataSource, createLogger({ level: 'silent' }))).rejects.toThrow('Tomorrow4102444800000');
      const said: string[] = [];
      const before = process.env.DATABASE_URL;
      process.env.DATABASE_URL = url;
      try {
        expect(await greenscreen(['node', 'greenscreen', 'migrate'], { ...processConsole(), progress: (text) => said.push(text) })).toBe(2);
      } finally {
        if (before === undefined) delete process.env.DATABASE_URL;
        else process.env.DATABASE_URL = before;
      }
      expect(said.at(-1)).toMatch(
        /^The database's schema is newer than this program: it does not know Tomorrow4102444800000\. Start the version/,
      );
    } finally {
      await dataSource.destroy();
    }
  }, 60_000);
});
