import { type KeyPool } from '@greenscreen/crypto/keys';
import { type CheckpointName, type DeviceTraits, type StoredCertificate } from '@greenscreen/device/context';
import { type GatewayAddress, type TrafficEntry } from '@greenscreen/device/network';
import { type RunTenant, type WantedTenant } from '../cloud/index.js';
import { type Difference, type Outcome } from '../expect/index.js';
import { type Scenario } from '../format/index.js';
import { type TpmKind } from './manufacture.js';
import { type RunEntry } from './run-entry.js';

/** Where a cloud is. */
export interface CloudAddress {
  readonly gateway: GatewayAddress;
  /** Base URL of the control API. */
  readonly control: string;
}

export interface RunOptions {
  readonly scenario: Scenario;
  readonly cloud: CloudAddress;
  readonly tpm: TpmKind;
  readonly keys: KeyPool;
  /** Told of everything as it happens. */
  readonly onEntry?: (entry: RunEntry) => void;
  /** Done at each checkpoint before the records are looked at; the device waits for it. */
  readonly atCheckpoint?: (checkpoint: CheckpointName, run: RunIdentity) => Promise<void>;
  /** `X-Greenscreen-Run`; follows from seed and tenant unless given. */
  readonly run?: string;
  /** What of the run's tenant shall not be random: seed and tenant decide what the PC and the run are called. */
  readonly tenant?: WantedTenant;
  /** Instead of what the scenario says of the PC. */
  readonly traits?: Partial<DeviceTraits>;
  /** Ends the run at its next checkpoint or wait. */
  readonly signal?: AbortSignal;
}

/** What tells a run from others. */
export interface RunIdentity {
  /** `X-Greenscreen-Run` of its requests. */
  readonly run: string;
  readonly tenant: RunTenant;
  readonly serial: string;
}

/** A run that is over: what was expected of it, what became of it, and what it left behind. */
export interface RunResult extends RunIdentity {
  readonly scenario: Scenario;
  /** Empty: everything is as expected. */
  readonly differences: readonly Difference[];
  readonly outcome: Outcome;
  /** What the last page said. */
  readonly text?: string;
  readonly startedAt: Date;
  /** Wall time. */
  readonly milliseconds: number;
  /** Time that passed for the device. */
  readonly deviceMilliseconds: number;
  readonly entries: readonly RunEntry[];
  /** Of the device and of the administrator, in the order of time. */
  readonly traffic: readonly TrafficEntry[];
  /** Every certificate that the device ever had, in the order in which they came. */
  readonly certificates: readonly StoredCertificate[];
  /** DER from the TPM's NV. */
  readonly ekCertificate?: Buffer;
  /** `dsregcmd /status` at each checkpoint. */
  readonly dsregcmd: ReadonlyMap<string, string>;
  /** The device's files by their Windows path. */
  readonly files: ReadonlyMap<string, string>;
  readonly registry: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly computerName: string;
}
