import { type KeyPool } from '@greenscreen/crypto/keys';
import { type Tpm } from '../tpm/index.js';
import { type CertificateStores } from './certificate-stores.js';
import { type DeviceClock } from './device-clock.js';
import { type DeviceNetwork } from './network.js';
import { type Registry } from './registry.js';
import { type EventLog, type Timeline } from './timeline.js';
import { type DeviceTraits } from './traits.js';

/** Ids and chance of a device; seeded in a replay. Keys never come from here. */
export interface DeviceRandom {
  uuid(): string;
  bytes(length: number): Buffer;
}

/** Everything that a client module of the simulated device may touch. Whatever is not here, Windows would not have either. */
export interface DeviceContext {
  readonly traits: DeviceTraits;
  readonly network: DeviceNetwork;
  readonly tpm: Tpm;
  readonly keys: KeyPool;
  readonly clock: DeviceClock;
  readonly random: DeviceRandom;
  readonly registry: Registry;
  readonly stores: CertificateStores;
  /** Files by their Windows path. */
  readonly files: Map<string, string>;
  readonly events: EventLog;
  readonly timeline: Timeline;
}
