import { type RunDeviation } from '@greenscreen/model/runs';

/** A scenario of the catalogue by its id, or a text; `file` is what messages about that call it. */
export type ScenarioSource = { readonly id: string } | { readonly document: string; readonly file?: string };

/** What is known of a scenario before it is played. */
export interface ScenarioFacts {
  readonly id: string;
  readonly title: string;
  /** Where in a deployment it shows. */
  readonly phase: string | null;
  readonly symptom: string | null;
  readonly tags: readonly string[];
  readonly serial: string;
  /** It has to run while nobody else does. */
  readonly alone: boolean;
}

/** What a runner tells of as it happens; the rest of it is the runner's own. */
export interface PlayedEntry {
  readonly at: Date;
  readonly kind: string;
}

export interface PlayOrder {
  readonly source: ScenarioSource;
  readonly run: string;
  /** Of the tenant that the run makes. */
  readonly tenantId: string;
  /** Ends it at its next checkpoint or wait. */
  readonly signal: AbortSignal;
  readonly onEntry: (entry: PlayedEntry) => void;
}

export interface Played {
  readonly differences: readonly RunDeviation[];
  readonly screen: string;
  readonly hresult: string | null;
}

/**
 * Plays scenarios against this very cloud. A service knows nothing of devices, so whoever starts the process gives it a runner (`libs/scenarios`
 * has one), and the way there is the network's: its device and its administrator meet this cloud as any other's do.
 */
export interface ScenarioRunner {
  catalogue(): Promise<readonly ScenarioFacts[]>;
  /** A problem names file, line and member. */
  read(source: ScenarioSource): ScenarioFacts | { readonly problem: string };
  /** Throws what keeps a run from coming to its end. */
  play(order: PlayOrder): Promise<Played>;
  close(): void;
}

/** Loads the runner when it is first wanted: a process that plays nothing does not carry it. */
export type RunnerLoader = () => Promise<ScenarioRunner>;

/** Token of the {@link RunnerLoader}; undefined in a process that has none. */
export const RUNNER = Symbol('runner');
