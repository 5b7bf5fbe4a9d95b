import { type KeyPool } from '@greenscreen/crypto/keys';
import { fromPem } from '@greenscreen/crypto/x509';
import { hardwareHashOf } from '@greenscreen/wire/hardware-hash';
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
import { type GatewayAddress, GatewayNetwork, type TrafficEntry } from '../network/index.js';
import { OutOfBoxExperience, type PhaseResult, type UserAtTheDevice } from '../oobe/index.js';
import { type Tpm } from '../tpm/index.js';
import { hardwareFacts } from './hardware.js';
import { type TimePasses, VirtualClock } from './virtual-clock.js';

export interface SimulatedDeviceOptions {
  readonly traits: DeviceTraits;
  /** Where every host name leads. */
  readonly gateway: GatewayAddress;
  /** PEM bundle of the roots that this PC trusts. */
  readonly roots: string;
  /** Sent as `X-Greenscreen-Run` with every request. */
  readonly run: string;
  /** Closed with the device. */
  readonly tpm: Tpm;
  readonly keys: KeyPool;
  readonly random: DeviceRandom;
  /** Told of every wait of the device, so that the cloud's clock moves too. */
  readonly timePasses: TimePasses;
  /** Awaited at each checkpoint, before the device goes on. */
  readonly atCheckpoint?: (checkpoint: CheckpointName, at: Date) => Promise<void>;
  /** How far the device's clock is wrong, in milliseconds. */
  readonly clockSkew?: number;
}

/** A simulated Windows PC in the hands of a technician, later of its user. */
export interface SimulatedDevice {
  readonly context: DeviceContext;
  /** Every exchange as the device saw it. */
  readonly traffic: readonly TrafficEntry[];
  /** 4,000 characters of base64, as the OA3 tool reports it. */
  hardwareHash(): string;
  /** First boot to the green or red page. After a red page it is the technician's *Retry*. */
  technicianPhase(): Promise<PhaseResult>;
  /** The technician's *Reseal*. */
  reseal(): Promise<void>;
  /** Power-on at the user's desk to the desktop. */
  userPhase(user: UserAtTheDevice): Promise<PhaseResult>;
  /** Fields of `dsregcmd /status`. */
  dsreg(): Readonly<Record<string, string>>;
  /** The text of `dsregcmd /status`. */
  dsregcmd(): string;
  close(): Promise<void>;
}

/** Puts a PC together: hardware from its traits, an empty Windows installation, a network that leads to the gateway. */
export function createSimulatedDevice(options: SimulatedDeviceOptions): SimulatedDevice {
  const { traits, tpm, keys, random, gateway, roots, run } = options;
  const clock = new VirtualClock(options.timePasses, options.clockSkew);
  const timeline = new Timeline(() => clock.now());
  const network = new GatewayNetwork({ gateway, roots, timeline, run });
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
  const hash = hardwareHashOf(hardwareFacts(traits, tpm, clock.now()));
  const oobe = new OutOfBoxExperience(context, {
    hardwareHash: hash,
    checkpoint: async (checkpoint) => {
      timeline.note({ kind: 'checkpoint', checkpoint });
      await options.atCheckpoint?.(checkpoint, clock.now());
    },
  });
  return {
    context,
    traffic: network.traffic,
    hardwareHash: () => hash,
    technicianPhase: () => oobe.technicianPhase(),
    reseal: () => oobe.reseal(),
    userPhase: (user) => oobe.userPhase(user),
    dsreg: () => oobe.dsreg(),
    dsregcmd: () => oobe.dsregcmd(),
    close: async () => {
      await network.close();
      await tpm.close();
    },
  };
}

/** The bundle's roots are in the machine's store: what is signed is judged by them as TLS is. */
function storesWith(roots: string): CertificateStores {
  const stores = new CertificateStores();
  for (const root of fromPem(roots)) stores.add('LocalMachine\\Root', root);
  return stores;
}
