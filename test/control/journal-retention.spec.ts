import { type Exchange } from '@greenscreen/host/exchange';
import { Journal } from '@greenscreen/host/journal';
import { createLogger } from '@greenscreen/host/logging';
import { createDataSource, migrate } from '@greenscreen/model/database';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import { type DataSource } from 'typeorm';
import { ownDatabase } from '../support/database.js';

let url: string;
const open: DataSource[] = [];
/** A process of its own, as far as Postgres is concerned. */
const connect = async (): Promise<DataSource> => {
  const connected = await createDataSource({ url, poolSize: 2 }).initialize();
  open.push(connected);
  return connected;
};
let dataSource: DataSource;
beforeEach(async () => {
  url = await ownDatabase(`journal-retention-${open.length}`);
  dataSource = await connect();
}, 60_000);
afterAll(() => Promise.all(open.map((connected) => connected.destroy())));

const logger = createLogger({ level: 'silent' });

const exchange = (number: number): Exchange => ({
  service: 'sts',
  operation: 'Token',
  echoClientRequestId: false,
  method: 'GET',
  host: 'login.microsoftonline.com',
  path: `/${number}`,
  headers: {},
  remoteAddress: '127.0.0.1',
  traceId: String(number),
  startedAt: performance.now(),
  body: Buffer.alloc(0),
  times: new Map(),
});
async function write(journal: Journal, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1) journal.record(exchange(number), 200);
  await journal.flush();
}
const numbers = async (): Promise<number[]> =>
  (await dataSource.query<{ path: string }[]>('SELECT path FROM journal_entry ORDER BY id')).map(({ path }) => Number(path.slice(1)));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const partitions = async (): Promise<string[]> =>
  (
    await dataSource.query<{ name: string }[]>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'journal_entry'::regclass ORDER BY inhrelid`,
    )
  ).map(({ name }) => name);

describe('the journal', () => {
  it('keeps the latest entries, and lets the oldest go with their partition', async () => {
    const journal = new Journal(dataSource, logger, 4000);
    for (let from = 1; from < 6500; from += 500) await write(journal, from, from + 499);
    expect(await numbers()).toEqual(range(2001, 6500));
    expect(await partitions()).toEqual([
      'journal_entry_2001',
      'journal_entry_3001',
      'journal_entry_4001',
      'journal_entry_5001',
      'journal_entry_6001',
    ]);
  });

  it('keeps all when it is told to', async () => {
    const journal = new Journal(dataSource, logger, 0);
    await write(journal, 1, 3000);
    await write(journal, 3001, 5000);
    expect(await numbers()).toEqual(range(1, 5000));
  });

  it('of several processes that come to the end of a partition together is whole, and so are the partitions', async () => {
    const journals = (await Promise.all(range(1, 6).map(connect))).map((connection) => new Journal(connection, logger, 4000));
    await Promise.all(
      journals.map(async (journal, index) => {
        for (let from = 1; from <= 600; from += 100) await write(journal, index * 1000 + from, index * 1000 + from + 99);
      }),
    );
    expect((await numbers()).sort((a, b) => a - b)).toEqual(
      [0, 1, 2, 3, 4, 5].flatMap((index) => range(index * 1000 + 1, index * 1000 + 600)),
    );
    expect((await partitions()).slice(0, 4)).toEqual(range(0, 3).map((cell) => `journal_entry_${cell * 1000 + 1}`));
  });

  it('makes the partition that an entry lacks, and loses none', async () => {
    const [one, other] = [new Journal(dataSource, logger, 4000), new Journal(await connect(), logger, 4000)];
    await Promise.all([write(one, 1, 10), write(other, 11, 20)]);
    await dataSource.query(`SELECT setval('journal_entry_id_seq', 90_995)`);
    await Promise.all([write(one, 21, 30), write(other, 31, 40)]);
    expect((await numbers()).sort((a, b) => a - b)).toEqual(range(1, 40));
  });
});

describe('a database from before there were partitions', () => {
  it('keeps its entries, and lets them go together when they are all too old', async () => {
    await write(new Journal(dataSource, logger, 4000), 1, 10);
    const isPartitioned = async (): Promise<boolean> =>
      (await dataSource.query<unknown[]>(`SELECT 1 FROM pg_partitioned_table WHERE partrelid = 'journal_entry'::regclass`)).length > 0;
    while (await isPartitioned()) await dataSource.undoLastMigration();
    expect(await numbers()).toEqual(range(1, 10));
    await dataSource.query(
      `INSERT INTO journal_entry (at, milliseconds, service, operation, trace_id, method, host, path, request_headers, request_body, status, response_headers, response_body)
       SELECT now(), 1, 'sts', 'Token', n::text, 'GET', 'login.microsoftonline.com', '/' || n, '{}', '', 200, '{}', '' FROM generate_series(11, 1500) n`,
    );

    await migrate(dataSource);
    expect(await numbers()).toEqual(range(1, 1500));
    const journal = new Journal(dataSource, logger, 4000);
    await write(journal, 1501, 2000);
    expect(await numbers()).toEqual(range(1, 2000));
    expect(await partitions()).toEqual(['journal_entry_before', 'journal_entry_1501', 'journal_entry_2001']);
    for (let from = 2001; from < 6000; from += 500) await write(journal, from, from + 499);
    expect((await numbers())[0]).toBe(1501);
  });
});
