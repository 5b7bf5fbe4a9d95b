import { type DeviceRecords } from '@greenscreen/scenarios/cloud';
import { describe, expect, it } from '@jest/globals';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';

// A database of its own: what is restored here is everybody's.
const lab = useLab(() => ownDatabase('state-in-run'));
const call = async (method: string, path: string): Promise<number> => (await fetch(`${lab().address.control}${path}`, { method })).status;
/** Without what every look changes by itself. */
const core = ({ AP, DEV, MD, EVT }: DeviceRecords): unknown => ({ AP, DEV, MD, EVT });

describe('snapshots in the middle of a run', () => {
  it('bring a sealed PC back to the time before its user signs in, whatever happened since, and the run goes on', async () => {
    let sealed: unknown;
    const result = await lab().replay({
      atCheckpoint: async (checkpoint, { tenant, serial }) => {
        if (checkpoint !== 'resealed') return;
        expect(await call('POST', '/snapshots/sealed')).toBe(201);
        sealed = core(await lab().control.records(tenant.id, serial));
        for (const target of ['MD', 'DEV'] as const) await lab().control.changeRecord(tenant.id, serial, { target, delete: true });
        expect(core(await lab().control.records(tenant.id, serial))).not.toEqual(sealed);
        expect(await call('PUT', '/snapshots/sealed')).toBe(204);
        expect(core(await lab().control.records(tenant.id, serial))).toEqual(sealed);
      },
    });
    expect(result.differences).toEqual([]);
    expect(result.outcome.screen).toBe('desktop');

    // Once more, after the user has signed in: all that he did is undone.
    const records = async (): Promise<unknown> => core(await lab().control.records(result.tenant.id, result.serial));
    const done = await records();
    expect(done).not.toEqual(sealed);
    expect(await call('PUT', '/snapshots/sealed')).toBe(204);
    expect(await records()).toEqual(sealed);
  }, 60_000);

  it('and a reset after runs is quick', async () => {
    await lab().replay();
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      await lab().control.reset();
      times.push(performance.now() - started);
    }
    // Ten times what it may take on a quiet machine.
    expect(Math.min(...times)).toBeLessThan(2500);
  }, 60_000);
});
