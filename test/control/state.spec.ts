import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { control } from '@greenscreen/control';
import { JournalEntry } from '@greenscreen/model/installation';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { contosolab } from '@greenscreen/model/seed';
import { sts } from '@greenscreen/sts';
import { startCloud, type TestCloud } from '../support/cloud.js';
import { ownDatabase } from '../support/database.js';
import { newTenant } from '../support/tenant.js';

let cloud: TestCloud;
let stop: () => Promise<void>;

// A database of its own: what is reset and restored here is everybody's.
beforeAll(async () => {
  const database = await ownDatabase('state');
  ({ cloud, stop } = await startCloud([control, sts], database));
});
afterAll(() => stop());

const call = (method: string, path: string, body?: object) =>
  cloud.request(`http://127.0.0.1${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
const tenants = async (): Promise<string[]> => (await cloud.context.dataSource.manager.find(Tenant)).map(({ id }) => id);
/** Rows of each table; the journal goes on by itself. */
async function sizes(): Promise<Record<string, number>> {
  const { manager, entityMetadatas } = cloud.context.dataSource;
  const counted = entityMetadatas
    .filter(({ target }) => target !== JournalEntry)
    .map(async ({ tableName, target }) => [tableName, await manager.count(target)] as const);
  return Object.fromEntries(await Promise.all(counted));
}

/** Answers with 503 that the journal knows of. */
async function outages(): Promise<number> {
  await cloud.context.journal.flush();
  return cloud.context.dataSource.manager.countBy(JournalEntry, { status: 503 });
}

describe('the state of the lab', () => {
  it('05-54 is that of a new installation after a reset: records, faults and clock go, authorities stay', async () => {
    const bundle = async (): Promise<string> => (await cloud.request('http://127.0.0.1/roots.pem')).text();
    const keys = async (): Promise<unknown> => (await cloud.request('https://login.microsoftonline.com/common/discovery/keys')).json();
    const before = [await keys(), await bundle()];
    expect((await call('POST', '/reset')).status).toBe(204);
    const fresh = await sizes();

    const { tenant } = await newTenant(cloud);
    expect((await call('POST', '/faults', { service: 'sts', action: { respond: { status: 503 } } })).status).toBe(201);
    expect((await cloud.request('https://login.microsoftonline.com/common/discovery/keys')).status).toBe(503);
    for (const clock of [{ advance: 3_600_000 }, { tenant: tenant.id, advance: 7_200_000 }])
      expect((await call('POST', '/clock', clock)).status).toBe(200);
    expect(await tenants()).toEqual(expect.arrayContaining([contosolab.id, tenant.id]));
    const used = await sizes();
    for (const table of ['tenant', 'fault_rule', 'clock_setting']) expect([table, used[table]]).not.toEqual([table, fresh[table]]);
    expect(await outages()).toBe(1);

    const started = performance.now();
    expect((await call('POST', '/reset')).status).toBe(204);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(await sizes()).toEqual(fresh);
    expect(await outages()).toBe(0);
    expect(await tenants()).toEqual([contosolab.id]);
    expect([await keys(), await bundle()]).toEqual(before);
    expect(Math.abs(Date.parse(((await call('GET', '/clock')).json() as { now: string }).now) - Date.now())).toBeLessThan(60_000);
    expect((await call('POST', '/reset', { empty: true })).status).toBe(204);
    expect(await tenants()).toEqual([]);
  });

  it('is kept by name and put back', async () => {
    const { tenant, user } = await newTenant(cloud);
    expect((await call('POST', '/snapshots/before')).status).toBe(201);
    await cloud.context.dataSource.manager.update(DirectoryUser, { id: user.id }, { displayName: 'changed' });
    const { tenant: later } = await newTenant(cloud);
    expect((await call('PUT', '/snapshots/before')).status).toBe(204);
    expect(await tenants()).toEqual([tenant.id]);
    expect(await tenants()).not.toContain(later.id);
    const restored = await cloud.context.dataSource.manager.findOneByOrFail(DirectoryUser, { id: user.id });
    expect(restored).toEqual(user);
    // Ids that the database gives out do not collide with restored ones.
    expect((await call('POST', '/faults', { service: 'sts', action: { hold: true } })).status).toBe(201);
    await call('DELETE', '/faults');
  });

  it('lists snapshots, drops them, and refuses names that are none', async () => {
    await call('POST', '/snapshots/two');
    const { value } = (await call('GET', '/snapshots')).json() as { value: { name: string; size: number }[] };
    expect(value.map(({ name }) => name)).toContain('two');
    expect((await call('DELETE', '/snapshots/two')).status).toBe(204);
    expect((await call('PUT', '/snapshots/two')).status).toBe(404);
    expect((await call('POST', '/snapshots/Two;drop')).status).toBe(400);
  });
});
