import { type CheckpointName, type DeviceResponse, type ExchangeLabel } from '@greenscreen/device/context';
import { type ControlClient } from '../cloud/index.js';
import { type Difference } from '../expect/index.js';
import { isNetworkFault, type RecordMutation, type ScenarioFault, type ServiceFault } from '../format/index.js';
import { faultRule } from './fault-rule.js';
import { type RunEntry } from './run-entry.js';

/** Real milliseconds that a replay waits for an answer that a fault holds back. */
const PATIENCE_MS = 1_500;
const NAME_NOT_RESOLVED = 0x80072ee7;
/** Set on answers by the service that a fault has hit. */
const MARK = 'x-greenscreen-fault';

export interface BenchOptions {
  readonly control: ControlClient;
  readonly run: string;
  readonly tenantId: string;
  readonly serial: string;
  readonly seed: number;
  /** Delays take as long as they do. */
  readonly real: boolean;
}

interface Armed {
  readonly fault: ScenarioFault;
  /** Of its rule at control; undefined for what the replay does itself. */
  id?: string;
  hits: number;
  cleared?: boolean;
}

/** The faults of a run: armed at control, or played by the replay where the cloud has no part in them; and whether each was met. */
export class FaultBench {
  private readonly armed: Armed[];

  constructor(
    faults: readonly ScenarioFault[],
    private readonly options: BenchOptions,
  ) {
    this.armed = faults.map((fault) => ({ fault, hits: 0 }));
  }

  /** Arms what is the cloud's. In the order of the file: the first that fires wins. */
  async arm(): Promise<void> {
    for (const entry of this.armed)
      if (!isNetworkFault(entry.fault) && !entry.fault.action.record)
        entry.id = await this.options.control.arm(faultRule(entry.fault, this.options));
  }

  /** Host names that do not resolve, and whether there is no time, while the faults stand. */
  network(): { unresolved: string[]; noTime: boolean } {
    const faults = this.armed.flatMap(({ fault, cleared }) => (!cleared && isNetworkFault(fault) ? [fault] : []));
    return {
      unresolved: faults.filter(({ service }) => service === 'dns').map(({ on }) => on),
      noTime: faults.some(({ service }) => service === 'ntp'),
    };
  }

  /** Changes to records that are due at a checkpoint. */
  recordsDueAt(checkpoint: CheckpointName): RecordMutation[] {
    return this.armed.flatMap((entry) => {
      const { fault } = entry;
      if (entry.cleared || isNetworkFault(fault) || !fault.action.record || fault.match.after !== checkpoint || entry.hits > 0) return [];
      entry.hits += 1;
      return [fault.action.record];
    });
  }

  /** For the device's network: how long a request of this kind is waited for. */
  patience({ service, operation }: ExchangeLabel): number | undefined {
    if (this.options.real) return undefined;
    const held = this.services().some((fault) => fault.action.hold && fault.service === service && [operation, '*'].includes(fault.on));
    return held ? PATIENCE_MS : undefined;
  }

  /** For the device's network: what an answer took beyond its real time. */
  latency(response: DeviceResponse): number {
    const id = response.header(MARK);
    const fault = id === undefined || this.options.real ? undefined : this.armed.find((entry) => entry.id === id)?.fault;
    return fault && !isNetworkFault(fault) ? (fault.action.delay ?? 0) : 0;
  }

  /** Counts, then takes every fault away. */
  async clear(): Promise<void> {
    await this.count();
    await this.options.control.clearFaults(this.options.run);
    for (const entry of this.armed) {
      delete entry.id;
      entry.cleared = true;
    }
  }

  /** A fault that was never met has shown nothing, whatever the run has led to. */
  async untriggered(entries: readonly RunEntry[]): Promise<Difference[]> {
    await this.count();
    return this.armed
      .filter(({ fault, hits }) => hits === 0 && !(isNetworkFault(fault) && wasMet(fault.service, fault.on, entries)))
      .map(({ fault }) => ({ what: `fault ${fault.service} ${fault.on}`, expected: 'triggered', actual: 'fault-not-triggered' }));
  }

  private async count(): Promise<void> {
    if (!this.armed.some(({ id }) => id !== undefined)) return;
    const hits = await this.options.control.faultHits({ run: this.options.run });
    for (const entry of this.armed) if (entry.id !== undefined) entry.hits = Math.max(entry.hits, hits.get(entry.id) ?? 0);
  }

  private services(): ServiceFault[] {
    return this.armed.flatMap(({ fault, id }) => (isNetworkFault(fault) || id === undefined ? [] : [fault]));
  }
}

/** Faults of the network are met by the device, not by the cloud (reference 06, D-A72). */
function wasMet(service: 'dns' | 'ntp', host: string, entries: readonly RunEntry[]): boolean {
  return entries.some((entry) =>
    service === 'dns'
      ? entry.kind === 'exchange-failed' && entry.hresult === NAME_NOT_RESOLVED && new URL(entry.url).hostname === host.toLowerCase()
      : entry.kind === 'event' && entry.channel === 'autopilot' && entry.id === 752,
  );
}
