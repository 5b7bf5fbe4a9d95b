import { findScenario } from '@greenscreen/scenarios/format';
import { describe, expect, it } from '@jest/globals';
import { useLab } from '../support/lab.js';

const lab = useLab();
const happy = findScenario('happy-entra-preprovision');
const post = async (path: string, body: object): Promise<{ status: number; answer: unknown }> => {
  const response = await fetch(`${lab().address.control}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
};

interface Walk {
  readonly hops: { readonly step: number; readonly service: string; readonly operation: string }[];
  readonly armed: { readonly service: string; readonly on: string }[];
}

describe('faults in runs', () => {
  it('change a record at a checkpoint: the object is gone when the PC joins', async () => {
    const result = await lab().replay({
      atCheckpoint: async (checkpoint, { tenant, serial, run }) => {
        if (checkpoint !== 'provision') return;
        const match = { serial, after: 'attested', nth: 1 };
        const fault = { run, tenant: tenant.id, service: 'drs', on: 'Join', match, action: { record: { target: 'DEV', delete: true } } };
        expect((await post('/faults', fault)).status).toBe(201);
      },
    });
    expect(result.outcome).toMatchObject({ screen: 'red', hresult: '0x801c03f3' });
  }, 60_000);

  it('change no record without a tenant and a serial, nor in two ways at once', async () => {
    const record = { target: 'DEV', delete: true };
    const tenant = '6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4';
    for (const rule of [
      { action: { record: { ...record, serial: 'X' } } },
      { tenant, action: { record } },
      { tenant, action: { record: { ...record, serial: 'X', clone: true } } },
    ])
      expect((await post('/faults', { service: 'drs', on: 'Join', ...rule })).status).toBe(400);
  });

  it('walk through the hops of a run: each fails once, or one of them does', async () => {
    const { run } = await lab().replay();
    const whole = { of: run, run: 'nobody' };
    const { hops, armed } = (await post('/faults/walk', whole)).answer as Walk;
    expect(armed.map(({ service, on }) => `${service} ${on}`)).toEqual(hops.map(({ service, operation }) => `${service} ${operation}`));
    expect(hops.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['graph', 'msa', 'ztd', 'aik', 'sts', 'drs', 'mdm-enroll', 'omadm']),
    );
    expect(new Set(hops.map(({ service, operation }) => `${service} ${operation}`)).size).toBe(hops.length);
    await lab().control.clearFaults('nobody');

    const enrollment = hops.find(({ service, operation }) => service === 'mdm-enroll' && operation === 'RST');
    let step: Walk | undefined;
    const result = await lab().replay({
      scenario: happy,
      atCheckpoint: async (checkpoint, { run: now }) => {
        if (checkpoint === 'joined') step = (await post('/faults/walk', { of: run, step: enrollment?.step, run: now })).answer as Walk;
      },
    });
    expect(step?.armed).toMatchObject([{ service: 'mdm-enroll', on: 'RST' }]);
    // An outage that passes: the enrollment is tried again.
    expect(result.outcome.screen).toBe('desktop');
    const refused = await lab().control.journal({ run: result.run, service: 'mdm-enroll', operation: 'RST' });
    expect(refused.map(({ status, fault }) => ({ status, hit: fault !== null }))).toEqual([
      { status: 503, hit: true },
      { status: 200, hit: false },
    ]);
  }, 120_000);

  it('walk through no run that nobody knows, and to no hop that there is not', async () => {
    expect((await post('/faults/walk', { of: 'never-was' })).status).toBe(404);
    const { run } = await lab().replay({ scenario: { ...happy, flow: ['register'] } });
    expect((await post('/faults/walk', { of: run, step: 1000 })).status).toBe(400);
  }, 60_000);
});
