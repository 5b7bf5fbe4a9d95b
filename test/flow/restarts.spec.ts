import { type CheckpointName } from '@greenscreen/device/context';
import { findScenario, type FlowStep } from '@greenscreen/scenarios/format';
import { describe, expect, it } from '@jest/globals';
import { deviations } from './records.support.js';
import { useMortalLab } from './restarts.support.js';

const lab = useMortalLab();
const happy = findScenario('happy-entra-preprovision');

/** At each checkpoint the one that the next hop needs; where there is none, nobody. */
const victims: Readonly<Partial<Record<CheckpointName, string>>> = {
  imported: 'graph',
  profile_downloaded: 'ztd',
  landing: 'attestation',
  attested: 'sts',
  joined: 'drs',
  mdm_discovered: 'sts',
  mdm_enrolled: 'mdm',
  unjoined: 'mdm',
  providers_ready: 'mdm',
  green: 'ztd',
  resealed: 'sts',
  user_signed_in: 'drs',
  user_joined: 'sts',
  prt: 'mdm',
  account_setup_done: 'drs',
};

describe('services that are killed and started again', () => {
  it('between the hops of a run, and the run goes on as if nothing had been', async () => {
    const killed: string[] = [];
    let starting: Promise<void> = Promise.resolve();
    const askGraph: FlowStep = { graph: { method: 'GET', path: '/deviceManagement/windowsAutopilotDeviceIdentities/{{AP.id}}' } };
    const result = await lab().replay({
      scenario: { ...happy, flow: ['register', askGraph, ...happy.flow.slice(1)] },
      atCheckpoint: async (checkpoint) => {
        const victim = victims[checkpoint];
        if (victim === undefined) return;
        // One at a time: the gateway waits for it while it comes back.
        await starting;
        await lab().service(victim).kill();
        starting = lab().service(victim).start();
        starting.catch(() => undefined);
        killed.push(checkpoint);
      },
    });
    await starting;
    expect(killed).toEqual(Object.keys(victims));
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual([]);
  }, 180_000);

  it.each([
    { service: 'ztd', request: 'GET /ztd/' },
    { service: 'mdm', request: 'POST /EnrollmentServer/' },
  ])(
    '$service with a request in hand: the connection breaks, and the device tries again',
    async ({ service, request }) => {
      const died = lab().service(service).dieAt(request);
      const result = await lab().replay({ scenario: happy });
      expect(result.traffic.filter(({ error }) => error !== undefined)).toHaveLength(1);
      expect(result.differences).toEqual([]);
      await died;
    },
    120_000,
  );
});
