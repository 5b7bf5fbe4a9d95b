import { type KeyPool } from '@greenscreen/crypto/keys';
import { fromPem } from '@greenscreen/crypto/x509';
import { type DeviceFacts, hardwareHashOf } from '@greenscreen/wire/hardware-hash';
import {
  CertificateStores,
  type CheckpointName,
  type DeviceContext,
  type DeviceRandom,
  type DeviceTraits,
  EventLog,
  Registry,
  Timeline,
} from '../context/index.js';
import { forgetInstallation } from '../enroll/index.js';
import { type GatewayAddress, GatewayNetwork, type Pace, type TrafficEntry } from '../network/index.js';
import { OutOfBoxExperience, type PhaseResult, type Technician, type UserAtTheDevice } from '../oobe/index.js';
import { type UserCredentials } from '../token/index.js';
import { type Tpm } from '../tpm/index.js';
import { hardwareFacts } from './hardware.js';
import { type ClockSetting, type TimePasses, VirtualClock } from './virtual-clock.js';

export interface SimulatedDeviceOptions {
  readonly traits: DeviceTraits;
  /** Where every host name leads. */
  readonly gateway: GatewayAddress;
  /** PEM bundle of the roots that this PC trusts. */
  readonly roots: string;
  /** Sent as `X-Greenscreen-Run` with every request. */
  readonly run: string;
  /** The beginning of `X-Greenscreen-Ids`, in a run that can be had again: unique in the cloud. */
  readonly ids?: string;
  /** Closed with the device. */
  readonly tpm: Tpm;
  readonly keys: KeyPool;
  readonly random: DeviceRandom;
  /** Told of every wait of the device, so that the cloud's clock moves too. */
  readonly timePasses: TimePasses;
  /** Awaited at each checkpoint, before the device goes on. */
  readonly atCheckpoint?: (checkpoint: CheckpointName, at: Date) => Promise<void>;
  readonly clock?: ClockSetting;
  /** How a replay treats answers that are slow or do not come; in real time unless given. */
  readonly pace?: Pick<Pace, 'patience' | 'latency'>;
}

/** A simulated Windows PC in the hands of a technician, later of its user. */
export interface SimulatedDevice {
  readonly context: DeviceContext;
  /** Every exchange as the device saw it. */
  readonly traffic: readonly TrafficEntry[];
  /** 4,000 characters of base64, as the OA3 tool reports it. */
  hardwareHash(): string;
  /** What that tool finds. */
  facts(): DeviceFacts;
  /** First boot to the green or red page. After a red page it is the technician's *Retry*. */
  technicianPhase(technician?: Technician): Promise<PhaseResult>;
  /** The technician's *Reseal*. */
  reseal(): Promise<void>;
  /** The technician's *Reset*: Windows is installed anew on the same hardware (06, D-B25). */
  reset(): void;
  /** Firmware, Windows or the network around the PC is not what it was. */
  change(traits: Partial<DeviceTraits>): void;
  /** Restarts when it comes to this checkpoint the next time. */
  restartAt(checkpoint: CheckpointName): void;
  /** Power-on at the user's desk to the desktop. */
  userPhase(user: UserAtTheDevice): Promise<PhaseResult>;
  /** In the settings of a PC that is set up: a work account, which registers the PC and nothing more. */
  addWorkAccount(user: UserCredentials): Promise<PhaseResult>;
  /** In the same place: enrollment in device management, and nothing of Entra. */
  enrollOnly(user: UserCredentials): Promise<PhaseResult>;
  /** Fields of `dsregcmd /status`. */
  dsreg(): Readonly<Record<string, string>>;
  /** The text of `dsregcmd /status`. */
  dsregcmd(): string;
  close(): Promise<void>;
}

/** Puts a PC together: hardware from its traits, an empty Windows installation, a network that leads to the gateway. */
export function createSimulatedDevice(options: SimulatedDeviceOptions): SimulatedDevice {
  const { tpm, keys, random, roots } = options;
  const traits: Mutable<DeviceTraits> = { ...options.traits };
  const clock = new VirtualClock(options.timePasses, options.clock);
  const timeline = new Timeline(() => clock.now());
  const network = networkOf(options, { traits, clock, timeline });
  const context: DeviceContext = {
    traits,
    network,
    tpm,
    keys,
    clock,
    random,
    registry: new Registry(),
    stores: storesWith(roots),
    files: new Map(),
    events: new EventLog(timeline),
    timeline,
  };
  let hash = hardwareHashOf(hardwareFacts(traits, tpm, clock.now()));
  const install = (): OutOfBoxExperience =>
    new OutOfBoxExperience(context, {
      hardwareHash: () => hash,
      checkpoint: async (checkpoint) => {
        timeline.note({ kind: 'checkpoint', checkpoint });
        await options.atCheckpoint?.(checkpoint, clock.now());
      },
      timeServer: async () => (traits.network?.ntp === 'fail' ? undefined : clock.rightTime()),
    });
  let oobe = install();
  return {
    context,
    traffic: network.traffic,
    hardwareHash: () => hash,
    facts: () => hardwareFacts(traits, tpm, clock.now()),
    technicianPhase: async (technician) => {
      await network.disconnect();
      return oobe.technicianPhase(technician);
    },
    reseal: () => oobe.reseal(),
    reset: () => {
      forgetInstallation(context);
      timeline.note({ kind: 'local', what: 'Windows is reset' });
      oobe = install();
    },
    change: (change) => {
      Object.assign(traits, change);
      hash = hardwareHashOf(hardwareFacts(traits, tpm, clock.now()));
    },
    restartAt: (checkpoint) => oobe.restartAt(checkpoint),
    userPhase: async (user) => {
      await network.disconnect();
      return oobe.userPhase(user);
    },
    addWorkAccount: async (user) => {
      await network.disconnect();
      return oobe.addWorkAccount(user);
    },
    enrollOnly: async (user) => {
      await network.disconnect();
      return oobe.enrollOnly(user);
    },
    dsreg: () => oobe.dsreg(),
    dsregcmd: () => oobe.dsregcmd(),
    close: async () => {
      await network.close();
      await tpm.close();
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface NetworkParts {
  readonly traits: DeviceTraits;
  readonly clock: VirtualClock;
  readonly timeline: Timeline;
}

function networkOf({ gateway, roots, run, ids, pace }: SimulatedDeviceOptions, { traits, clock, timeline }: NetworkParts): GatewayNetwork {
  return new GatewayNetwork({
    gateway,
    roots,
    timeline,
    run,
    ...(ids ? { ids } : {}),
    traits: () => traits.network,
    pace: {
      patience: (label) => pace?.patience(label),
      latency: (response) => pace?.latency(response) ?? 0,
      wait: (milliseconds, why) => clock.wait(milliseconds, why),
      deviation: () => clock.deviation,
    },
  });
}

/** The bundle's roots are in the machine's store: what is signed is judged by them as TLS is. */
function storesWith(roots: string): CertificateStores {
  const stores = new CertificateStores();
  for (const root of fromPem(roots)) stores.add('LocalMachine\\Root', root);
  return stores;
}
