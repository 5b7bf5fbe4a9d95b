import { createSimulatedDevice, type SimulatedDevice } from '@greenscreen/device/machine';
import { GatewayNetwork } from '@greenscreen/device/network';
import { performance } from 'node:perf_hooks';
import { ControlClient, type RunTenant } from '../cloud/index.js';
import { judge, type Outcome } from '../expect/index.js';
import { type Scenario } from '../format/index.js';
import { type FlowEnd, play } from './flow.js';
import { manufacture } from './manufacture.js';
import { Observer } from './observer.js';
import { type RunIdentity, type RunOptions, type RunResult } from './run-types.js';
import { SeededRandom } from './seeded-random.js';
import { traitsOf } from './traits.js';

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
  const { scenario, cloud, signal } = options;
  const [roots, tenant] = await Promise.all([control.roots(), control.createTenant()]);
  await control.assign(tenant.id, { apps: scenario.tenant.apps, policies: scenario.tenant.policies });
  const { serial } = scenario.device;
  const random = new SeededRandom(`run ${scenario.seed} ${tenant.id}`);
  const identity: RunIdentity = { run: random.uuid(), tenant, serial };
  const traits = { ...traitsOf({ device: scenario.device, seed: scenario.seed, tenantId: tenant.id, serial }), ...options.traits };
  const observer = new Observer({
    control,
    tenantId: tenant.id,
    serial,
    onEntry: options.onEntry ?? (() => undefined),
    interfere: async (checkpoint) => options.atCheckpoint?.(checkpoint, identity),
    ...(signal ? { signal } : {}),
  });
  const tpm = await manufacture({ kind: options.tpm, traits, keys: options.keys, control });
  const device: SimulatedDevice = createSimulatedDevice({
    traits,
    gateway: cloud.gateway,
    roots,
    run: identity.run,
    tpm,
    keys: options.keys,
    random,
    timePasses: async (milliseconds, why) => {
      signal?.throwIfAborted();
      device.context.timeline.note({ kind: 'wait', milliseconds, why });
      await control.advance(tenant.id, milliseconds);
    },
    atCheckpoint: (checkpoint, at) => observer.lookAt(checkpoint, at),
  });
  observer.follow(device);
  const office = new GatewayNetwork({ gateway: cloud.gateway, roots, timeline: device.context.timeline, run: identity.run });
  const user = userOf(scenario, tenant);
  const startedAt = new Date();
  const start = performance.now();
  const deviceStart = device.context.clock.now().getTime();
  try {
    const end = await play(scenario.flow, { device, office, observer, tenant, user, ...(signal ? { signal } : {}) });
    await observer.lookAtEnd();
    return {
      ...(await leftBehind(device, office, observer)),
      ...identity,
      ...judged(scenario, end, { device, observer, identity, upn: user.upn }),
      startedAt,
      milliseconds: performance.now() - start,
      deviceMilliseconds: device.context.clock.now().getTime() - deviceStart,
    };
  } finally {
    await Promise.all([office.close(), device.close()]);
  }
}

/** The run's own Anna, or whoever has the scenario's user name before the `@`: each run has a domain of its own. */
function userOf({ device }: Scenario, { users, password }: RunTenant): { upn: string; password: string } {
  const name = (device.user.upn ?? 'anna@').split('@')[0] ?? '';
  return { upn: users.find((upn) => upn.startsWith(`${name}@`)) ?? device.user.upn ?? '', password };
}

interface Parts {
  readonly device: SimulatedDevice;
  readonly observer: Observer;
  readonly identity: RunIdentity;
  readonly upn: string;
}

function judged(
  scenario: Scenario,
  { screen, hresult, disposition, text }: FlowEnd,
  { device, observer, identity, upn }: Parts,
): Pick<RunResult, 'scenario' | 'differences' | 'outcome' | 'text'> {
  const outcome: Outcome = {
    screen,
    ...(hresult === undefined ? {} : { hresult }),
    ...(disposition === undefined ? {} : { disposition }),
    timeline: observer.entries,
    snapshots: observer.snapshots,
    dsreg: device.dsreg(),
    variables: {
      'user.upn': upn,
      'tenant.id': identity.tenant.id,
      'tenant.domain': identity.tenant.initialDomain,
      'device.serial': identity.serial,
    },
  };
  return { scenario, outcome, differences: judge(scenario.expect, outcome), ...(text === undefined ? {} : { text }) };
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
