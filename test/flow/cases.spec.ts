import { findScenario, type Scenario } from '@greenscreen/scenarios/format';
import { type RunEntry, type RunIdentity, type RunResult } from '@greenscreen/scenarios/run';
import { describe, expect, it } from '@jest/globals';
import { useLab } from '../support/lab.js';

const lab = useLab();

type Of<K extends RunEntry['kind']> = Extract<RunEntry, { kind: K }>;
const entriesOf = <K extends RunEntry['kind']>({ entries }: RunResult, kind: K): Of<K>[] =>
  entries.filter((entry): entry is Of<K> => entry.kind === kind);
const requestsOf = (run: RunResult, service: string, operation: string) =>
  entriesOf(run, 'exchange').filter((entry) => entry.service === service && entry.operation === operation);
/** Where in a run something happened first, from a place on. */
const placeOf = ({ entries }: RunResult, wanted: (entry: RunEntry) => boolean, from = 0): number =>
  entries.findIndex((entry, index) => index >= from && wanted(entry));
const checkpoint =
  (name: string) =>
  (entry: RunEntry): boolean =>
    entry.kind === 'checkpoint' && entry.checkpoint === name;
const event =
  (channel: string, id: number) =>
  (entry: RunEntry): boolean =>
    entry.kind === 'event' && entry.channel === channel && entry.id === id;
const screen =
  (name: string) =>
  (entry: RunEntry): boolean =>
    entry.kind === 'screen' && entry.screen === name;

/** A scenario as far as its expectation, without its fix. */
const without = (name: string): Scenario => {
  const scenario = { ...findScenario(name) };
  delete scenario.fix;
  return scenario;
};

describe('the device', () => {
  it('05-43 honours Retry-After: the third attempt succeeds, each five seconds after the one before', async () => {
    const run = await lab().replay({ scenario: without('svc-429-retry-after') });
    expect(run.differences).toEqual([]);
    const attempts = requestsOf(run, 'mdm-enroll', 'RST');
    expect(attempts.map(({ status }) => status)).toEqual([429, 429, 200]);
    const waits = attempts.slice(1).map(({ at }, index) => at.getTime() - (attempts[index]?.at.getTime() ?? 0));
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...waits)).toBeLessThan(60_000);
  }, 120_000);

  it('05-46 goes on identifying apps until the page times out while Sidecar has not registered', async () => {
    const run = await lab().replay({ scenario: without('esp-sidecar-missing') });
    expect(run.differences).toEqual([]);
    const apps = entriesOf(run, 'esp').filter(({ line }) => line === 'DeviceSetup.AppsSubcategory');
    expect(apps.at(-1)).toMatchObject({ state: 'failed' });
    expect(new Set(apps.slice(0, -1).map(({ text }) => text))).toEqual(new Set(['Identifying']));
  }, 120_000);

  it('05-46 goes on at once when Sidecar registers in the middle of it', async () => {
    const scenario = without('esp-sidecar-missing');
    let run: RunIdentity | undefined;
    let added: Promise<void> | undefined;
    const result = await lab().replay({
      scenario: { ...scenario, tenant: { ...scenario.tenant, esp: { ...scenario.tenant.esp, timeoutMinutes: 1440 } } },
      atCheckpoint: async (_, identity) => void (run = identity),
      onEntry: (entry) => {
        if (entry.kind !== 'esp' || entry.line !== 'DeviceSetup.AppsSubcategory' || entry.text !== 'Identifying' || !run) return;
        added ??= lab().control.changeTenant(run.tenant.id, { esp: { providers: ['ConfigMgr', 'Sidecar'] } });
      },
    });
    await added;
    expect(added).toBeDefined();
    expect(result.outcome.screen).toBe('green');
    const texts = entriesOf(result, 'esp')
      .filter(({ line }) => line === 'DeviceSetup.AppsSubcategory')
      .map(({ text }) => text);
    expect(texts).toContain('Identifying');
    expect(texts.at(-1)).toMatch(/1 of 1 installed/);
    // Long before the page would have given up.
    expect(result.outcome.elapsed).toBeLessThan(12 * 3_600_000);
  }, 180_000);

  it('05-47 stops at an app whose detection rule does not match, and does not begin the next', async () => {
    const run = await lab().replay({ scenario: without('esp-win32-detection') });
    expect(run.differences).toEqual([]);
    const apps = entriesOf(run, 'esp').filter(({ line }) => line === 'DeviceSetup.AppsSubcategory');
    expect(apps.at(-1)).toMatchObject({ state: 'failed', text: expect.stringContaining('0x87d1041c') });
    const begun = entriesOf(run, 'event').filter(({ channel, id }) => channel === 'autopilot' && id === 297);
    expect(begun.map(({ data }) => data.Id)).toEqual(['a1']);
    expect(requestsOf(run, 'content', 'AppContent')).toHaveLength(1);
  }, 120_000);

  it('05-48 asks for no profile between reseal and the next reset, and says so with event 163', async () => {
    const { flow, ...happy } = findScenario('happy-entra-preprovision');
    const run = await lab().replay({ scenario: { ...happy, flow: [...flow, { reset: true }, 'technician'] } });
    const resealed = placeOf(run, checkpoint('resealed'));
    const desktop = placeOf(run, checkpoint('desktop'), resealed);
    const asked = run.entries.flatMap((entry, index) => (entry.kind === 'exchange' && entry.service === 'ztd' ? [index] : []));
    expect(resealed).toBeGreaterThan(0);
    expect(desktop).toBeGreaterThan(resealed);
    expect(asked.filter((index) => index < resealed).length).toBeGreaterThanOrEqual(2);
    expect(asked.filter((index) => index > resealed && index < desktop)).toEqual([]);
    expect(asked.filter((index) => index > desktop).length).toBeGreaterThanOrEqual(1);
    const said = placeOf(run, event('autopilot', 163));
    expect(said).toBeGreaterThan(resealed);
    expect(said).toBeLessThan(desktop);
  }, 120_000);

  it('05-49 restarted after the user’s join gets its PRT only after a second sign-in', async () => {
    const run = await lab().replay({ scenario: without('user-reboot-lost-buffer') });
    expect(run.differences).toEqual([]);
    const joined = placeOf(run, checkpoint('user_joined'));
    const signIn = placeOf(run, screen('windows-sign-in'));
    const token = placeOf(run, event('aad', 1007));
    expect([joined, signIn, token].every((place) => place > 0)).toBe(true);
    expect(signIn).toBeGreaterThan(joined);
    expect(token).toBeGreaterThan(signIn);
    // Without the restart nobody is asked a second time.
    const undisturbed = await lab().replay();
    expect(placeOf(undisturbed, event('aad', 1007))).toBeGreaterThan(0);
    expect(placeOf(undisturbed, screen('windows-sign-in'))).toBe(-1);
  }, 120_000);
});
