import { type ExchangeLabel } from './network.js';

/** Event channels by the short names of reference 05, C.5. */
export type EventChannel = 'autopilot' | 'management' | 'udr' | 'dmedp' | 'shellcore' | 'aad' | 'laps';

export type EventData = Readonly<Record<string, string | number | boolean>>;

/** A Windows event as the device logged it. */
export interface WindowsEvent {
  readonly channel: EventChannel;
  readonly id: number;
  readonly data: EventData;
}

/** Checkpoints of reference 05, C.4. */
export const checkpoints = [
  'imported',
  'profile_downloaded',
  'landing',
  'provision',
  'attested',
  'joined',
  'mdm_discovered',
  'mdm_enrolled',
  'unjoined',
  'providers_ready',
  'device_setup_done',
  'green',
  'red',
  'resealed',
  'user_signed_in',
  'user_joined',
  'prt',
  'account_setup_done',
  'hello',
  'desktop',
] as const;
export type CheckpointName = (typeof checkpoints)[number];

/** State of a line of the Enrollment Status Page (reference 05, A.6). */
export type EspState =
  'notStarted' | 'inProgress' | 'succeeded' | 'failed' | 'cancelled' | 'failedFromPreviousSubcategory' | 'rebootRequiredAndTryAgain';

/** What happened on the device, in order. `at` is the device's own time. */
export type TimelineEntry = { readonly at: Date } & (
  | { readonly kind: 'phase'; readonly phase: string }
  | { readonly kind: 'screen'; readonly screen: string; readonly text?: string }
  | { readonly kind: 'esp'; readonly line: string; readonly state: EspState; readonly text: string }
  | ({ readonly kind: 'event' } & WindowsEvent)
  | ({
      readonly kind: 'exchange';
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly milliseconds: number;
    } & ExchangeLabel)
  | ({
      readonly kind: 'exchange-failed';
      readonly method: string;
      readonly url: string;
      readonly hresult: number;
      readonly message: string;
    } & ExchangeLabel)
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointName }
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly why: string }
  | { readonly kind: 'local'; readonly what: string }
);

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
export type TimelineNote = WithoutTime<TimelineEntry>;

/** The device's diary. Listeners see each entry as it is written. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  private readonly listeners: ((entry: TimelineEntry) => void)[] = [];

  constructor(private readonly now: () => Date) {}

  note(note: TimelineNote): void {
    const entry = { at: this.now(), ...note } as TimelineEntry;
    this.entries.push(entry);
    for (const listener of this.listeners) listener(entry);
  }

  onEntry(listener: (entry: TimelineEntry) => void): void {
    this.listeners.push(listener);
  }
}

/** The event log: `emit(channel, id, data)`. */
export class EventLog {
  constructor(private readonly timeline: Timeline) {}

  emit(channel: EventChannel, id: number, data: EventData = {}): void {
    this.timeline.note({ kind: 'event', channel, id, data });
  }

  all(): (WindowsEvent & { at: Date })[] {
    return this.timeline.entries.flatMap((entry) => (entry.kind === 'event' ? [entry] : []));
  }
}
