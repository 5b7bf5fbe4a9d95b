import { type CheckpointName, type StoredCertificate } from '@greenscreen/device/context';
import { type SimulatedDevice } from '@greenscreen/device/machine';
import { type ControlClient, type DeviceRecords } from '../cloud/index.js';
import { recordChanges } from './record-changes.js';
import { type RunEntry } from './run-entry.js';

export interface ObserverOptions {
  readonly control: ControlClient;
  readonly tenantId: string;
  readonly serial: string;
  readonly onEntry: (entry: RunEntry) => void;
  /** Before the records are looked at. */
  readonly interfere: (checkpoint: CheckpointName) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Looks at the device and at the cloud's records whenever the device has come to a checkpoint, and keeps what it saw. */
export class Observer {
  readonly entries: RunEntry[] = [];
  /** Records at each checkpoint, and under `end`. */
  readonly snapshots = new Map<string, DeviceRecords>();
  /** `dsregcmd /status` at each checkpoint. */
  readonly dsregcmd = new Map<string, string>();
  private readonly certificates = new Map<string, StoredCertificate>();
  private latest: DeviceRecords | undefined;
  private device: SimulatedDevice | undefined;

  constructor(private readonly options: ObserverOptions) {}

  /** Every certificate that the device ever had, in the order in which they came. */
  get everyCertificate(): readonly StoredCertificate[] {
    return [...this.certificates.values()];
  }

  follow(device: SimulatedDevice): void {
    this.device = device;
    device.context.timeline.onEntry((entry) => this.take(entry));
  }

  /** Says at control what the device reached, then reads its records (reference 06, D-B62). */
  async lookAt(checkpoint: CheckpointName, at: Date): Promise<void> {
    const { control, tenantId, serial, interfere, signal } = this.options;
    signal?.throwIfAborted();
    await control.annotate(tenantId, serial, checkpoint, at);
    await interfere(checkpoint);
    this.lookAtDevice(checkpoint);
    const records = await control.records(tenantId, serial, this.entraDeviceId);
    this.snapshots.set(checkpoint, records);
    const changes = recordChanges(this.latest, records);
    this.latest = records;
    if (changes.length > 0) this.take({ at, kind: 'records', checkpoint, changes });
  }

  /** The last look, when the flow is over. */
  async lookAtEnd(): Promise<void> {
    const { control, tenantId, serial } = this.options;
    this.lookAtDevice('end');
    this.snapshots.set('end', await control.records(tenantId, serial, this.entraDeviceId));
  }

  /** Leads to the object of a PC that is not registered for Autopilot. */
  private get entraDeviceId(): string | undefined {
    const { DeviceId, WorkplaceDeviceId } = this.device?.dsreg() ?? {};
    return DeviceId ?? WorkplaceDeviceId;
  }

  private lookAtDevice(when: string): void {
    if (!this.device) return;
    this.dsregcmd.set(when, this.device.dsregcmd());
    for (const certificate of this.device.context.stores.all()) this.certificates.set(certificate.thumbprint, certificate);
  }

  private take(entry: RunEntry): void {
    this.entries.push(entry);
    this.options.onEntry(entry);
  }
}
