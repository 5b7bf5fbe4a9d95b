import { describe, expect, it } from '@jest/globals';
import { control } from '@greenscreen/control';
import { JournalEntry } from '@greenscreen/model/installation';
import { sts } from '@greenscreen/sts';
import { useCloud } from '../support/cloud.js';
import { newTenant } from '../support/tenant.js';

const cloud = useCloud(sts, control);
const url = 'https://login.microsoftonline.com/common/.well-known/openid-configuration';

const arm = async (rule: object): Promise<{ id: string }> => {
  const answer = await cloud().request('http://127.0.0.1/faults', { body: JSON.stringify(rule) });
  if (answer.status !== 201) throw new Error(answer.text());
  return answer.json() as { id: string };
};
const count = async (run: string): Promise<object> => {
  const { value } = (await cloud().request(`http://127.0.0.1/faults?run=${run}`)).json() as { value: { seen: number; hits: number }[] };
  return value.map(({ seen, hits }) => ({ seen, hits }));
};
const ask = (run: string, headers: Record<string, string> = {}) =>
  cloud().request(url, { headers: { 'x-greenscreen-run': run, ...headers } });

describe('faults', () => {
  it('answer for one run, marked, and nobody else', async () => {
    const { id } = await arm({
      run: 'f1',
      service: 'sts',
      on: 'OpenIdConfiguration',
      action: { respond: { status: 429, headers: { 'Retry-After': '5' } } },
    });
    const hit = await ask('f1');
    expect(hit).toMatchObject({ status: 429, headers: { 'retry-after': '5', 'x-greenscreen-fault': id } });
    expect((await ask('f2')).status).toBe(200);
    await cloud().context.journal.flush();
    const rows = await cloud().context.dataSource.manager.findBy(JournalEntry, { run: 'f1' });
    expect(rows.map(({ status, faultRule }) => ({ status, faultRule }))).toEqual([{ status: 429, faultRule: id }]);
  });

  it('answer from the service’s own table, as the real refusal would be', async () => {
    const { tenant } = await newTenant(cloud());
    const token = `https://login.microsoftonline.com/${tenant.id}/oauth2/token`;
    const send = (run: string) => cloud().request(token, { headers: { 'x-greenscreen-run': run }, body: 'grant_type=device_code' });
    await arm({ run: 'f3', service: 'sts', on: 'Token', marked: false, action: { respond: { code: 'sts.50076' } } });
    const hit = await send('f3');
    expect(hit.json()).toMatchObject({ error_codes: [50076] });
    expect(hit.headers['x-greenscreen-fault']).toBeUndefined();
    expect((await send('f4')).json()).not.toMatchObject({ error_codes: [50076] });
  });

  it('count exactly, however many requests come at once', async () => {
    await arm({ run: 'f5', service: 'sts', match: { from: 3, until: 7 }, action: { respond: { status: 503 } } });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await ask('f5')).status));
    expect(statuses.filter((status) => status === 503)).toHaveLength(5);
    expect(await count('f5')).toEqual([{ seen: 20, hits: 5 }]);
  });

  it('meet only what they are for: headers, a tenant that the request names, chance by its seed', async () => {
    const { tenant } = await newTenant(cloud());
    await arm({ run: 'f6', service: 'sts', match: { header: { 'X-Lab': 'yes' } }, action: { respond: { status: 418 } } });
    expect([(await ask('f6')).status, (await ask('f6', { 'x-lab': 'YES' })).status]).toEqual([200, 418]);
    await arm({ tenant: tenant.id, service: 'sts', action: { respond: { status: 419 } } });
    expect((await cloud().request(url.replace('common', tenant.id))).status).toBe(419);
    expect((await cloud().request(url)).status).toBe(200);
    const rolls = async (run: string): Promise<number[]> => {
      await arm({ run, service: 'sts', match: { probability: 0.5, seed: 7 }, action: { respond: { status: 503 } } });
      const seen: number[] = [];
      for (let n = 0; n < 12; n += 1) seen.push((await ask(run)).status);
      return seen;
    };
    const first = await rolls('f7');
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await rolls('f8')).toEqual(first);
  });

  it('break connections, in front of the answer and in its middle', async () => {
    await arm({ run: 'f9', service: 'sts', action: { connection: 'reset' } });
    await expect(ask('f9')).rejects.toThrow();
    await arm({ run: 'f10', service: 'sts', action: { connection: 'close_mid_body' } });
    await expect(ask('f10')).rejects.toThrow();
    await arm({ run: 'f11', service: 'sts', action: { drip: { bytes: 400, everyMs: 1 } } });
    expect((await ask('f11')).json()).toHaveProperty('issuer');
  });

  it('are refused when they do two things or nothing', async () => {
    for (const action of [{}, { hold: true, connection: 'reset' }, { respond: {} }, { explode: true }]) {
      const answer = await cloud().request('http://127.0.0.1/faults', { body: JSON.stringify({ service: 'sts', action }) });
      expect(answer.status).toBe(400);
    }
  });

  it('are gone when they are cleared', async () => {
    await arm({ run: 'f12', service: 'sts', action: { respond: { status: 503 } } });
    expect((await ask('f12')).status).toBe(503);
    expect((await cloud().request('http://127.0.0.1/faults?run=f12', { method: 'DELETE' })).status).toBe(204);
    expect((await ask('f12')).status).toBe(200);
  });
});
