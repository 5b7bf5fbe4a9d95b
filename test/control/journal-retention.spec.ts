import { type Exchange } from '@greenscreen/host/exchange';
import { Journal } from '@greenscreen/host/journal';
import { createLogger } from '@greenscreen/host/logging';
import { createDataSource } from '@greenscreen/model/database';
import { JournalEntry } from '@greenscreen/model/installation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import { type DataSource } from 'typeorm';
import { ownDatabase } from '../support/database.js';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await createDataSource({ url: await ownDatabase('journal-retention'), poolSize: 2 }).initialize();
}, 60_000);
afterAll(() => dataSource.destroy());

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
const paths = async (): Promise<string[]> =>
  (await dataSource.manager.find(JournalEntry, { order: { id: 'ASC' } })).map(({ path }) => path);

describe('the journal', () => {
  it('keeps the latest entries and lets the oldest go', async () => {
    const journal = new Journal(dataSource, createLogger({ level: 'silent' }), 100);
    await write(journal, 1, 90);
    expect(await paths()).toHaveLength(90);
    await write(journal, 91, 130);
    await write(journal, 131, 160);
    const kept = await paths();
    expect(kept).toHaveLength(100);
    expect([kept[0], kept.at(-1)]).toEqual(['/61', '/160']);
  });

  it('keeps all when it is told to', async () => {
    const journal = new Journal(dataSource, createLogger({ level: 'silent' }), 0);
    await write(journal, 161, 500);
    expect(await paths()).toHaveLength(440);
  });
});
