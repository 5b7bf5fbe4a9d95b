import { control } from '@greenscreen/control';
import { ScenarioRun } from '@greenscreen/model/runs';
import { findScenario } from '@greenscreen/scenarios/format';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud, type TestCloud } from '../support/cloud.js';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';
import { commandOf } from './command.support.js';
import { RunsClient, slow } from './started-runs.support.js';

process.env.GREENSCREEN_CONTROL_RUNS_AT_ONCE = '2';
process.env.GREENSCREEN_CONTROL_RUNS_WAITING = '2';
process.env.GREENSCREEN_CONTROL_RUNS_KEPT = '6';

// A database of its own: what waits, and what a reset ends, is everybody's.
let database: string;
const lab = useLab(async () => (database = await ownDatabase('started-runs')));
let runs: RunsClient;
/** A second process's control API, without anything to play runs by, on the same database. */
let other: RunsClient;
let replica: { cloud: TestCloud; stop: () => Promise<void> };
beforeAll(async () => {
  runs = new RunsClient(lab().address.control);
  replica = await startCloud([control], database);
  other = new RunsClient(`http://127.0.0.1:${replica.cloud.port}`);
}, 60_000);
afterAll(() => replica.stop());

const HAPPY = { scenario: 'happy-entra-preprovision' };
const registering = (more: object): { document: string } => ({
  document: JSON.stringify({ apiVersion: 'whiteglove.lab/v1', id: 'registering', flow: ['register'], ...more }),
});
const ids = (events: readonly { id: string }[]): number[] => events.map(({ id }) => Number(id));
const upTo = (last: number, from = 1): number[] => Array.from({ length: last - from + 1 }, (_, index) => from + index);

describe('a run that the control API was asked for', () => {
  it('has its id at once, tells what happens while it happens, and is as expected', async () => {
    const { status, headers, answer } = await runs.call('POST', '/runs', HAPPY);
    expect(status).toBe(202);
    const { run, tenant } = answer as { run: string; tenant: string };
    expect(answer).toMatchObject({ scenario: HAPPY.scenario, state: expect.stringMatching(/^(waiting|running)$/), endedAt: null });
    expect(headers.get('location')).toBe(`/runs/${run}`);

    // Live: the first events are there while the run goes on. A replica that does not play it tells the same.
    const first = await other.follow(run, undefined, ({ event }) => event === 'checkpoint');
    expect(await other.read(run)).toMatchObject({ state: 'running', endedAt: null });
    const cut = ids(first).at(-1) ?? 0;
    // From where the connection broke, at another replica: nothing is missing, nothing comes twice.
    const rest = await runs.follow(run, cut);
    expect([...ids(first), ...ids(rest)]).toEqual(upTo(ids(rest).at(-1) ?? 0));

    const events = [...first, ...rest];
    expect(events.slice(-2)).toMatchObject([
      { event: 'outcome', data: expect.stringContaining('"state":"as-expected"') },
      { event: 'end', data: '{"state":"as-expected"}' },
    ]);
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(['phase', 'screen', 'esp', 'event', 'exchange', 'checkpoint', 'wait', 'records', 'local', 'outcome', 'end']),
    );
    const told = events.flatMap(({ event, data }) =>
      event === 'checkpoint' ? [(JSON.parse(data) as { checkpoint: string }).checkpoint] : [],
    );
    const { timeline } = await lab().control.runTimeline(run);
    expect(timeline.flatMap((step) => (step.kind === 'checkpoint' ? [step.checkpoint] : []))).toEqual(told);
    const exchanges = events.filter(({ event }) => event === 'exchange').length;
    expect(await runs.read(run)).toMatchObject({
      ...{ state: 'as-expected', differences: [], problem: null, screen: 'desktop', tenant, exchanges, refused: 0 },
      endedAt: expect.any(String),
    });
    expect(exchanges).toBeGreaterThan(50);

    // Who has everything is told so, or an EventSource would ask for ever.
    expect((await runs.call('GET', `/runs/${run}/events`, undefined, { 'Last-Event-ID': String(ids(events).at(-1)) })).status).toBe(204);
    expect((await other.follow(run, ids(events).at(-3))).map(({ event }) => event)).toEqual(['outcome', 'end']);
    expect((await runs.call('GET', `/runs/${run}/events`, undefined, { 'Last-Event-ID': 'x' })).status).toBe(400);
    expect((await runs.call('DELETE', `/runs/${run}`)).status).toBe(409);
  }, 120_000);

  it('takes a document, as YAML or JSON, and tells differences', async () => {
    const document = 'apiVersion: whiteglove.lab/v1\nid: mine\nflow: [register]\nexpect: { screen: green }\n';
    for (const order of [
      () => runs.call('POST', '/runs', { document }),
      () => runs.call('POST', '/runs', document, { 'Content-Type': 'application/yaml' }),
      () => runs.call('POST', '/runs', registering({ id: 'mine', expect: { screen: 'green' } })),
    ]) {
      const { run } = (await order()).answer as { run: string };
      expect((await runs.follow(run)).at(-1)).toMatchObject({ event: 'end', data: '{"state":"different"}' });
      expect(await other.read(run)).toMatchObject({
        ...{ state: 'different', scenario: 'mine', screen: 'none' },
        differences: [{ what: 'screen', expected: 'green', actual: 'none' }],
      });
    }
  }, 60_000);

  it.each([
    [
      'a document with a typo',
      { document: 'apiVersion: whiteglove.lab/v1\nid: x\nflows: []\n', file: 'my.yaml' },
      'my.yaml:3: flows: there is no such key',
    ],
    ['a document that is not YAML', { document: '{' }, /^document:\d+: /],
    [
      'a document that reads files',
      { document: 'apiVersion: whiteglove.lab/v1\nid: x\nextends: package\n' },
      /document:3: extends: there is no scenario/,
    ],
    ['a scenario that there is not', { scenario: 'never-was' }, /There is no scenario "never-was"/],
    ['a file instead of an id', { scenario: '../package.json' }, /There is no scenario/],
    ['both', { ...HAPPY, document: 'x' }, /body/],
    ['nothing', {}, /body/],
  ])('is refused for %s', async (_what, order, message) => {
    const { status, answer } = await runs.call('POST', '/runs', order);
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      error: { code: 'BadRequest', message: typeof message === 'string' ? message : expect.stringMatching(message) },
    });
  });

  it('that cannot be played to its end has failed, and says why', async () => {
    const { run } = await runs.start(registering({ flow: [{ graph: { path: '/nothing/there' } }] }));
    expect((await runs.follow(run)).at(-1)?.data).toBe('{"state":"failed"}');
    expect(await runs.read(run)).toMatchObject({ state: 'failed', problem: expect.stringMatching(/404|nothing/), screen: null });
  }, 60_000);

  it('is none that nobody asked for: what only the journal knows is recorded, and has no events', async () => {
    const { run } = await lab().replay({ scenario: { ...findScenario(HAPPY.scenario), flow: ['register'] } });
    expect(await runs.read(run)).toMatchObject({ state: 'recorded', scenario: null, differences: [] });
    expect((await runs.call('GET', `/runs/${run}/events`)).status).toBe(404);
    expect((await runs.call('DELETE', `/runs/${run}`)).status).toBe(409);
    expect((await runs.call('GET', '/runs/never-was')).status).toBe(404);
    expect((await runs.call('GET', '/runs')).answer).toMatchObject({ runs: expect.arrayContaining([expect.objectContaining({ run })]) });
  }, 60_000);
});

describe('runs that wait', () => {
  const ended = async (run: string): Promise<void> => void (await runs.follow(run));
  const times = async (run: string): Promise<{ startedAt: number; endedAt: number }> => {
    const { startedAt, endedAt } = await replica.cloud.context.dataSource.manager.findOneByOrFail(ScenarioRun, { run });
    return { startedAt: startedAt?.getTime() ?? NaN, endedAt: endedAt?.getTime() ?? NaN };
  };

  it('are aborted: under way at the next wait, waiting at once, whichever replica is asked', async () => {
    const first = await runs.start({ document: slow });
    await runs.follow(first.run, undefined, ({ event }) => event === 'wait');
    const second = await runs.start({ document: slow });
    await runs.follow(second.run, undefined, ({ event }) => event === 'wait');
    const third = await runs.start(registering({}));
    expect(third.state).toBe('waiting');
    expect((await other.call('DELETE', `/runs/${third.run}`)).answer).toMatchObject({ state: 'aborted' });
    expect((await other.follow(third.run)).map(({ event }) => event)).toEqual(['end']);
    expect((await runs.call('DELETE', `/runs/${third.run}`)).status).toBe(409);

    for (const [client, { run }] of [
      [runs, first],
      [other, second],
    ] as const) {
      expect((await client.call('DELETE', `/runs/${run}`)).status).toBe(202);
      expect((await client.follow(run)).at(-1)?.data).toBe('{"state":"aborted"}');
      expect(await other.read(run)).toMatchObject({ state: 'aborted', problem: null, endedAt: expect.any(String) });
    }
  }, 60_000);

  it('come in their order, so many at a time; one that needs the cloud to itself has it; too many are refused', async () => {
    const first = await runs.start({ document: slow });
    await runs.follow(first.run, undefined, ({ event }) => event === 'wait');
    const handshake = { service: 'sts', on: '*', action: { tls: 'expired' }, match: { nth: 1 } };
    const alone = await runs.start(registering({ id: 'alone', faults: [handshake] }));
    const behind = await runs.start(registering({}));
    expect([alone.state, behind.state]).toEqual(['waiting', 'waiting']);
    expect((await runs.call('POST', '/runs', registering({}))).status).toBe(429);
    expect((await runs.read(alone.run)).state).toBe('waiting');

    await runs.call('DELETE', `/runs/${first.run}`);
    await Promise.all([first, alone, behind].map(({ run }) => ended(run)));
    const [before, between, after] = await Promise.all([first, alone, behind].map(({ run }) => times(run)));
    expect(between?.startedAt).toBeGreaterThanOrEqual(before?.endedAt ?? NaN);
    expect(after?.startedAt).toBeGreaterThanOrEqual(between?.endedAt ?? NaN);
    expect((await runs.read(behind.run)).state).toBe('as-expected');
  }, 60_000);

  it('are taken by a process that can play them: one that cannot says so', async () => {
    expect(await other.call('POST', '/runs', HAPPY)).toMatchObject({ status: 501, answer: { error: { code: 'NoRunner' } } });
    expect((await other.call('GET', '/scenarios')).status).toBe(501);
    expect((await runs.call('GET', '/scenarios')).answer).toMatchObject({
      scenarios: expect.arrayContaining([expect.objectContaining({ id: HAPPY.scenario, phase: null, alone: false })]),
    });
  }, 60_000);
});

describe('the command', () => {
  const command = commandOf(lab);

  it('starts a run and follows it: the same steps as a replay shows, and its exit code', async () => {
    const { code, text } = await command('runs', 'start', 'join-object-deleted', '--follow');
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/TECHNICIAN[\s\S]*● attested[\s\S]*drs Join 4\d\d[\s\S]*✓ join-object-deleted: as expected$/),
    ]);
    expect((await command('runs')).text).toContain('join-object-deleted: as expected');
    expect((await command('runs', 'start', 'never-was')).code).toBe(2);
  }, 60_000);

  it('starts one and leaves it, and aborts it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'greenscreen-runs-'));
    writeFileSync(join(folder, 'slow.json'), slow);
    const { text } = await command('runs', 'start', join(folder, 'slow.json'));
    const run = text.split(' ')[0] ?? '';
    expect((await command('runs', 'abort', run)).code).toBe(0);
    expect((await runs.follow(run)).at(-1)?.data).toBe('{"state":"aborted"}');
    writeFileSync(join(folder, 'wrong.yaml'), 'id: [');
    expect(await command('runs', 'start', join(folder, 'wrong.yaml'))).toEqual({ code: 2, text: expect.stringContaining('wrong.yaml:1:') });
  }, 60_000);
});

describe('what a lab remembers of runs', () => {
  it('is not undone by a snapshot, is bounded, and is forgotten by a reset, which ends those under way', async () => {
    const { run } = await runs.start(registering({}));
    await runs.call('POST', '/snapshots/before');
    await runs.follow(run);
    expect((await runs.call('PUT', '/snapshots/before')).status).toBe(204);
    expect((await other.read(run)).state).toBe('as-expected');

    const { manager } = replica.cloud.context.dataSource;
    const kept = await manager.find(ScenarioRun);
    expect(kept).toHaveLength(6);
    const [entries] = await manager.query<{ runs: string[] }[]>('SELECT array_agg(DISTINCT run ORDER BY run) AS runs FROM run_entry');
    expect(kept.map((row) => row.run)).toEqual(expect.arrayContaining(entries?.runs ?? []));

    const going = await runs.start({ document: slow });
    const stream = runs.follow(going.run);
    await runs.follow(going.run, undefined, ({ event }) => event === 'wait');
    expect((await runs.call('POST', '/reset', { empty: true })).status).toBe(204);
    expect((await stream).at(-1)).toMatchObject({ event: 'end', data: '{"state":"forgotten"}' });
    expect((await runs.call('GET', `/runs/${going.run}/events`)).status).toBe(404);
  }, 60_000);
});
