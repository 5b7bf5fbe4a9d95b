import { findScenario } from '@greenscreen/scenarios/format';
import { describe, expect, it } from '@jest/globals';
import { deviations } from './records.support.js';
import { useReplicatedLab } from './replicas.support.js';

const lab = useReplicatedLab(2);
const services = ['ztd', 'attestation', 'sts', 'drs', 'mdm', 'graph'];

describe('two replicas of each service, each request to the next one', () => {
  it('a whole run is as with one, and the replicas of each service answered every other request', async () => {
    const result = await lab().replay(findScenario('happy-entra-preprovision'));
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual([]);
    const answered = lab().answered();
    expect(Object.keys(answered)).toEqual(services);
    for (const [service, [first = 0, second = 0]] of Object.entries(answered)) {
      expect([service, first > 0, second > 0]).toEqual([service, true, true]);
      expect([service, Math.abs(first - second) <= 1]).toEqual([service, true]);
    }
  }, 120_000);

  it.each([
    ['a fault of two requests is met twice by both together', 'svc-429-retry-after'],
    ['what one enrolled, the other does not enroll again', 'mdm-one-time-limit'],
    ['the user’s lost join is made up for', 'user-lost-join'],
  ])(
    '%s [%s]',
    async (_what, id) => {
      expect((await lab().replay(findScenario(id))).differences).toEqual([]);
    },
    120_000,
  );

  it('several runs at once do not disturb each other, whichever replica they meet', async () => {
    const results = await Promise.all([1, 2, 3].map(() => lab().replay(findScenario('happy-entra-preprovision'))));
    expect(results.map(({ differences }) => differences)).toEqual([[], [], []]);
    expect(results.map(deviations)).toEqual([[], [], []]);
  }, 120_000);
});

describe('two gateways behind a balancer, each connection to the next one', () => {
  const fronted = useReplicatedLab(1, 2);

  it('a whole run is as with one, and both took their part of its connections', async () => {
    const result = await fronted().replay(findScenario('happy-entra-preprovision'));
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual([]);
    const [first = 0, second = 0] = fronted().connections();
    expect(first).toBeGreaterThan(5);
    expect(Math.abs(first - second)).toBeLessThanOrEqual(1);
  }, 120_000);
});
