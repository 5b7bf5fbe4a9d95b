import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { leaveOldEnrollment } from '@greenscreen/device/enroll';
import { createSimulatedDevice, type SimulatedDevice } from '@greenscreen/device/machine';
import { GatewayNetwork } from '@greenscreen/device/network';
import { performance } from 'node:perf_hooks';
import { ControlClient } from '../cloud/index.js';
import { type Difference, judge, type Outcome, withScreen } from '../expect/index.js';
import { type FlowStep } from '../format/index.js';
import { FaultBench } from './fault-bench.js';
import { type FlowEnd, play, type Stage } from './flow.js';
import { furnish } from './furnish.js';
import { manufacture } from './manufacture.js';
import { Observer } from './observer.js';
import { type RunEntry } from './run-entry.js';
import { type RunIdentity, type RunOptions, type RunResult } from './run-types.js';
import { traitsOf } from './traits.js';
import { upnOf } from './user.js';

/**
 * Replays a scenario against a running cloud, in a tenant of its own: makes the PC, registers it, drives its phases, looks at the records at
 * each checkpoint and compares with what the scenario expects. Throws what stops a run from being one: ControlError, an abort, a defect.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const control = new ControlClient(options.cloud.control);
  try {
    return await runWith(control, options);
  } finally {
    await control.close();
  }
}

async function runWith(control: ControlClient, options: RunOptions): Promise<RunResult> {
  const { scenario, cloud, signal, keys } = options;
  if (options.tenant?.id !== undefined) control.makeIdsOf(`tenant ${options.tenant.id}`);
  const [roots, tenant] = await Promise.all([control.roots(), control.createTenant(options.tenant)]);
  const { serial } = scenario.device;
  const random = new SeededRandom(`run ${scenario.seed} ${tenant.id}`);
  const drawn = random.uuid();
  const identity: RunIdentity = { run: options.run ?? drawn, tenant, serial };
  control.makeIdsOf(`${identity.run} control`);
  const real = scenario.clock.mode === 'real';
  const bench = new FaultBench(scenario.faults, { control, run: identity.run, tenantId: tenant.id, serial, seed: scenario.seed, real });
  const ahead = scenario.clock.start === undefined ? 0 : Date.parse(scenario.clock.start) - Date.now();
  if (ahead !== 0) await control.setAhead(tenant.id, ahead);
  const traits = {
    ...traitsOf({ device: scenario.device, seed: scenario.seed, tenantId: tenant.id, serial, network: bench.network() }),
    ...options.traits,
  };
  const observer = new Observer({
    control,
    tenantId: tenant.id,
    serial,
    onEntry: options.onEntry ?? (() => undefined),
    interfere: async (checkpoint) => {
      for (const change of bench.recordsDueAt(checkpoint)) await control.changeRecord(tenant.id, serial, change);
      await options.atCheckpoint?.(checkpoint, identity);
    },
    ...(signal ? { signal } : {}),
  });
  const tpm = await manufacture({ kind: options.tpm, traits, keys, control, defect: scenario.device.tpm.ek.cert_defect });
  const device: SimulatedDevice = createSimulatedDevice({
    traits,
    gateway: cloud.gateway,
    roots,
    run: identity.run,
    ids: `${identity.run} PC`,
    tpm,
    keys,
    random,
    clock: { skew: scenario.clock.device_skew, ahead, real },
    pace: { patience: (label) => bench.patience(label), latency: (response) => bench.latency(response) },
    timePasses: async (milliseconds, why) => {
      signal?.throwIfAborted();
      device.context.timeline.note({ kind: 'wait', milliseconds, why });
      if (!real) await control.advance(tenant.id, milliseconds);
    },
    atCheckpoint: (checkpoint, at) => observer.lookAt(checkpoint, at),
  });
  observer.follow(device);
  if (scenario.device.enroll.leftover) leaveOldEnrollment(device.context.registry, random.uuid());
  const office = new GatewayNetwork({
    gateway: cloud.gateway,
    roots,
    timeline: device.context.timeline,
    run: identity.run,
    ids: `${identity.run} office`,
  });
  if (scenario.device.user.reboot_at === 'after_join') device.restartAt('user_joined');
  const stage: Stage = { device, office, control, observer, bench, tenant, keys, serial, scenario, ...(signal ? { signal } : {}) };
  const startedAt = new Date();
  const start = performance.now();
  const deviceStart = device.context.clock.now().getTime();
  try {
    await furnish(stage, scenario.tenant);
    await bench.arm();
    const judgement = await judged(stage, { observer, identity });
    return {
      ...(await leftBehind(device, office, observer)),
      ...identity,
      ...judgement,
      startedAt,
      milliseconds: performance.now() - start,
      deviceMilliseconds: device.context.clock.now().getTime() - deviceStart,
    };
  } finally {
    await Promise.all([office.close(), device.close()]);
    if (scenario.faults.length > 0) await control.clearFaults(identity.run);
  }
}

interface Parts {
  readonly observer: Observer;
  readonly identity: RunIdentity;
}

/** Plays the flow and compares; then, where the scenario has a fix, plays that on the same PC and compares again (reference 05, C.1). */
async function judged(stage: Stage, parts: Parts): Promise<Pick<RunResult, 'scenario' | 'differences' | 'outcome' | 'text'>> {
  const { observer, bench, scenario } = stage;
  const end = await play(scenario.flow, stage);
  await observer.lookAtEnd();
  const outcome = outcomeOf(end, stage, parts, observer.entries.slice());
  const differences = [
    ...judge(withScreen(scenario.expect, scenario.flow), outcome),
    ...(await bench.untriggered(observer.entries)),
    ...(scenario.fix ? await judgedAfterFix(scenario.fix, stage, parts) : []),
  ];
  return { scenario, outcome, differences, ...(end.text === undefined ? {} : { text: end.text }) };
}

async function judgedAfterFix(fix: readonly FlowStep[], stage: Stage, parts: Parts): Promise<Difference[]> {
  const { observer, scenario } = stage;
  const before = observer.entries.length;
  const first = observer.snapshots.get('end');
  const end = await play(fix, stage);
  await observer.lookAtEnd();
  const outcome = outcomeOf(end, stage, parts, observer.entries.slice(before));
  const differences = judge(withScreen(scenario.expect_after_fix, fix), { ...outcome, run1: first });
  return differences.map(({ what, ...rest }) => ({ what: `after the fix: ${what}`, ...rest }));
}

function outcomeOf(
  end: FlowEnd,
  { device, scenario, tenant }: Stage,
  { observer, identity }: Parts,
  timeline: readonly RunEntry[],
): Outcome {
  const { screen, hresult, disposition, text, elapsed } = end;
  const { stores, registry, files } = device.context;
  const dsreg = device.dsreg();
  return {
    screen,
    elapsed,
    ...(hresult === undefined ? {} : { hresult }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(text === undefined ? {} : { text }),
    timeline,
    snapshots: new Map(observer.snapshots),
    dsreg,
    certificates: stores.all().map(({ store, issuer }) => ({ store, issuer })),
    registry: registry.dump(),
    files: [...files.keys()],
    variables: {
      'user.upn': upnOf(scenario, tenant),
      'tenant.id': identity.tenant.id,
      'tenant.domain': identity.tenant.initialDomain,
      'device.serial': identity.serial,
      ...Object.fromEntries(Object.entries(dsreg).map(([field, value]) => [`dsreg.${field}`, value])),
    },
  };
}

async function leftBehind(device: SimulatedDevice, office: GatewayNetwork, observer: Observer) {
  const { context, traffic } = device;
  const ekCertificate = await context.tpm.readEkCertificate();
  return {
    entries: observer.entries,
    traffic: [...office.traffic, ...traffic].sort((one, other) => one.startedAt.getTime() - other.startedAt.getTime()),
    certificates: observer.everyCertificate,
    ...(ekCertificate ? { ekCertificate } : {}),
    dsregcmd: observer.dsregcmd,
    files: context.files,
    registry: context.registry.dump(),
    computerName: device.dsreg()['Device Name'] ?? context.traits.serial,
  };
}
