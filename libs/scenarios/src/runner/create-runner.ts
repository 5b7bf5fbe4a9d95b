import { KeyPool } from '@greenscreen/crypto/keys';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Difference } from '../expect/index.js';
import { catalogue, findScenario, parseScenario, type Scenario, ScenarioError } from '../format/index.js';
import { type CloudAddress, needsCloudAlone, type RunEntry, runScenario } from '../run/index.js';

/** A scenario of the catalogue by its id, or a text; `file` is what messages about that call it. */
export type ScenarioSource = { readonly id: string } | { readonly document: string; readonly file?: string };

/** What people and the control API want to know of a scenario before it is played. */
export interface ScenarioFacts {
  readonly id: string;
  readonly title: string;
  readonly phase: string | null;
  readonly symptom: string | null;
  readonly tags: readonly string[];
  readonly serial: string;
  /** It has to run while nobody else does. */
  readonly alone: boolean;
}

export interface PlayOrder {
  readonly source: ScenarioSource;
  readonly run: string;
  /** Of the tenant that the run makes. */
  readonly tenantId: string;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: RunEntry) => void;
}

export interface Played {
  readonly differences: readonly Difference[];
  readonly screen: string;
  readonly hresult: string | null;
}

/** RSA keys kept ready for devices: a TPM's, and the one of an enrollment. */
const KEYS_IN_STORE = 4;

/** Plays scenarios against one cloud for whoever does not want to know how: the control API (`POST /runs`). Keys are made ahead, off the main thread. */
export function createRunner(cloud: CloudAddress) {
  let keys: KeyPool | undefined;
  let known: Promise<ScenarioFacts[]> | undefined;
  return {
    /** Every scenario of the catalogue. */
    catalogue: (): Promise<readonly ScenarioFacts[]> => (known ??= readCatalogue()),

    /** A problem names file, line and member. */
    read(source: ScenarioSource): ScenarioFacts | { readonly problem: string } {
      try {
        return factsOf(load(source));
      } catch (error) {
        if (error instanceof ScenarioError) return { problem: error.message };
        throw error;
      }
    },

    /** Throws what `runScenario` throws. */
    async play({ source, run, tenantId, signal, onEntry }: PlayOrder): Promise<Played> {
      keys ??= new KeyPool({ rsa2048: KEYS_IN_STORE });
      const scenario = load(source);
      const { differences, outcome } = await runScenario({
        scenario,
        cloud,
        tpm: 'software',
        keys,
        run,
        tenant: { id: tenantId },
        signal,
        onEntry,
      });
      return { differences, screen: outcome.screen, hresult: outcome.hresult ?? null };
    },

    close: (): void => keys?.close(),
  };
}

const load = (source: ScenarioSource): Scenario =>
  'id' in source ? findKnown(source.id) : parseScenario(source.document, source.file ?? 'document');

/** Never a file: an id may come from anywhere. */
function findKnown(id: string): Scenario {
  if (catalogue().includes(id)) return findScenario(id);
  throw new ScenarioError(`There is no scenario "${id}" in the catalogue`);
}

const factsOf = (scenario: Scenario): ScenarioFacts => {
  const { id, title, phase, symptom, tags, device } = scenario;
  return { id, title, phase: phase ?? null, symptom: symptom ?? null, tags, serial: device.serial, alone: needsCloudAlone(scenario) };
};

/** A file a turn: reading them all at once would keep requests waiting for a second. */
async function readCatalogue(): Promise<ScenarioFacts[]> {
  const found: ScenarioFacts[] = [];
  for (const id of catalogue()) {
    found.push(factsOf(findScenario(id)));
    await nextTurn();
  }
  return found;
}
