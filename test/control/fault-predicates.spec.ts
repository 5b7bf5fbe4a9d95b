import { control } from '@greenscreen/control';
import { FaultRule } from '@greenscreen/model/faults';
import { sts } from '@greenscreen/sts';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { useReplicas } from '../support/replicas.js';
import { newTenant } from '../support/tenant.js';

const replicas = useReplicas(sts, control);
const url = 'https://login.microsoftonline.com/common/.well-known/openid-configuration';
const cloud = () => replicas().first;

async function arm(rule: {
  readonly match?: object;
  readonly action?: object;
  readonly tenant?: string;
  readonly run?: string;
}): Promise<string> {
  const body = JSON.stringify({ service: 'sts', action: { respond: { status: 503 } }, ...rule });
  const answer = await cloud().request('http://127.0.0.1/faults', { body });
  if (answer.status !== 201) throw new Error(answer.text());
  return (answer.json() as { id: string }).id;
}
const ask = async (run: string, headers: Record<string, string> = {}): Promise<number> =>
  (await cloud().request(url, { headers: { 'x-greenscreen-run': run, ...headers } })).status;

describe('when a fault fires', () => {
  it('counts exactly over two replicas at once', async () => {
    const run = randomUUID();
    const id = await arm({ run, match: { from: 11, until: 30 } });
    const statuses = await replicas().atOnce(
      80,
      async (replica) => (await replica.request(url, { headers: { 'x-greenscreen-run': run } })).status,
    );
    expect(statuses.filter((status) => status === 503)).toHaveLength(20);
    expect(await cloud().context.dataSource.manager.findOneByOrFail(FaultRule, { id })).toMatchObject({ seen: 80, hits: 20 });
  });

  it('at the request of this number, from one on, up to another', async () => {
    const series = async (match: object): Promise<number[]> => {
      const run = randomUUID();
      await arm({ run, match });
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1) statuses.push(await ask(run));
      return statuses;
    };
    expect(await series({ nth: 2 })).toEqual([200, 503, 200, 200]);
    expect(await series({ from: 3 })).toEqual([200, 200, 503, 503]);
    expect(await series({ until: 1 })).toEqual([503, 200, 200, 200]);
  });

  it('for the device that a request names, anywhere in it', async () => {
    const deviceId = randomUUID();
    const ztdid = randomUUID();
    await arm({ match: { deviceId } });
    await arm({ match: { ztdid } });
    for (const id of [deviceId, ztdid]) {
      expect(await ask('none', { 'x-device': `{${id.toUpperCase()}}` })).toBe(503);
      const claims = Buffer.from(JSON.stringify({ device: id })).toString('base64url');
      expect(await ask('none', { authorization: `Bearer eyJhbGciOiJub25lIn0.${claims}.` })).toBe(503);
    }
    expect(await ask('none', { 'x-device': randomUUID() })).toBe(200);
  });

  it('once its device has reached a checkpoint, and not after another', async () => {
    const { tenant } = await newTenant(cloud());
    const serial = 'LAB-1';
    const run = randomUUID();
    await arm({ run, tenant: tenant.id, match: { after: 'attested', before: 'joined' } });
    const reach = (checkpoint: string) =>
      cloud().request(`http://127.0.0.1/devices/${serial}/checkpoints`, {
        body: JSON.stringify({ tenant: tenant.id, checkpoint, at: new Date().toISOString() }),
      });
    expect(await ask(run)).toBe(200);
    expect((await reach('attested')).status).toBe(204);
    expect(await ask(run)).toBe(503);
    expect((await reach('joined')).status).toBe(204);
    expect(await ask(run)).toBe(200);
  });

  it('never and always, at the ends of chance', async () => {
    const [never, always] = [randomUUID(), randomUUID()];
    await arm({ run: never, match: { probability: 0 } });
    await arm({ run: always, match: { probability: 1 } });
    expect([await ask(never), await ask(always)]).toEqual([200, 503]);
  });
});

describe('what a fault does', () => {
  it('answers late, with the right answer', async () => {
    const run = randomUUID();
    await arm({ run, action: { delayMs: 300 } });
    const started = performance.now();
    expect(await ask(run)).toBe(200);
    // Timers may fire a little early.
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('never answers: the request is open until its client goes', async () => {
    const run = randomUUID();
    const id = await arm({ run, action: { hold: true } });
    const { port } = cloud();
    const headers = { host: 'login.microsoftonline.com', 'x-greenscreen-run': run };
    const held = request({ host: '127.0.0.1', port, path: '/common/.well-known/openid-configuration', headers });
    const asked = new Promise<string>((resolve) => held.once('response', () => resolve('answered')).once('error', () => resolve('gone')));
    held.end();
    const hit = async (): Promise<boolean> => (await cloud().context.dataSource.manager.findOneByOrFail(FaultRule, { id })).hits === 1;
    while (!(await hit())) await ask('other');
    // Whatever else comes later is answered meanwhile.
    expect(await Promise.race([asked, ask('other')])).toBe(200);
    held.destroy(new Error('enough'));
    expect(await asked).toBe('gone');
  });
});
