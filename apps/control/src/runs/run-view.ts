import { type RunDeviation, type RunVerdict, type ScenarioRun } from '@greenscreen/model/runs';
import { type DataSource } from 'typeorm';
import { type RunStore } from './run-store.js';

/** `recorded`: only the journal knows of it. Whoever played it, such as the command, has said elsewhere how it ended. */
export type RunState = 'waiting' | 'running' | RunVerdict | 'recorded';

/** A run in short: what became of it, and what the journal has of it. */
export interface RunView {
  readonly run: string;
  readonly state: RunState;
  /** Of the catalogue, or of a document. */
  readonly scenario: string | null;
  readonly title: string | null;
  /** Why it could not be played to its end. */
  readonly problem: string | null;
  readonly screen: string | null;
  readonly hresult: string | null;
  readonly differences: readonly RunDeviation[];
  readonly tenant: string | null;
  readonly serial: string | null;
  /** When it began; when it was ordered, while it waits. */
  readonly startedAt: Date;
  /** Null while it goes on. */
  readonly endedAt: Date | null;
  readonly exchanges: number;
  readonly refused: number;
  /** Exchanges that a fault hit. */
  readonly faulted: number;
}

const LATEST = 100;

/** What a run is: derived, never stored. */
export const stateOf = ({ verdict, startedAt }: Pick<ScenarioRun, 'verdict' | 'startedAt'>): RunState =>
  verdict ?? (startedAt ? 'running' : 'waiting');

/** One of them; undefined when neither the journal nor anybody who ordered it knows of it. */
export async function findRun({ manager }: DataSource, store: RunStore, run: string): Promise<RunView | undefined> {
  const [ordered, [recorded]] = await Promise.all([
    store.find(run),
    manager.query<Recorded[]>(`${summaries} WHERE run = $1 GROUP BY run`, [run]),
  ]);
  return ordered ? viewOf(ordered, recorded) : recorded && viewOfRecorded(recorded);
}

/** The latest ones, the latest first. */
export async function latestRuns({ manager }: DataSource, store: RunStore): Promise<RunView[]> {
  const [ordered, latest] = await Promise.all([
    store.latest(LATEST),
    manager.query<Recorded[]>(`${summaries} WHERE run IS NOT NULL GROUP BY run ORDER BY max(id) DESC LIMIT $1`, [LATEST]),
  ]);
  const recorded = new Map(latest.map((summary) => [summary.run, summary]));
  const missing = ordered.map(({ run }) => run).filter((run) => !recorded.has(run));
  for (const summary of await manager.query<Recorded[]>(`${summaries} WHERE run = ANY($1) GROUP BY run`, [missing]))
    recorded.set(summary.run, summary);
  const known = new Set(ordered.map(({ run }) => run));
  const all = [
    ...ordered.map((row) => viewOf(row, recorded.get(row.run))),
    ...latest.filter(({ run }) => !known.has(run)).map(viewOfRecorded),
  ];
  return all.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime()).slice(0, LATEST);
}

/** What the journal has of a run. */
interface Recorded extends Pick<RunView, 'run' | 'tenant' | 'serial' | 'startedAt' | 'exchanges' | 'refused' | 'faulted'> {
  readonly endedAt: Date;
}

const summaries = `SELECT run, max(tenant_id::text) AS tenant, max(serial) AS serial, min(at) AS "startedAt", max(at) AS "endedAt",
  count(*)::int AS exchanges, count(refusal)::int AS refused, count(fault_rule)::int AS faulted FROM journal_entry`;

const viewOf = (row: ScenarioRun, recorded: Recorded | undefined): RunView => ({
  run: row.run,
  state: stateOf(row),
  scenario: row.scenario,
  title: row.title,
  problem: row.problem,
  screen: row.screen,
  hresult: row.hresult,
  differences: row.differences,
  tenant: row.tenantId,
  serial: row.serial,
  startedAt: row.startedAt ?? row.orderedAt,
  endedAt: row.endedAt,
  exchanges: recorded?.exchanges ?? 0,
  refused: recorded?.refused ?? 0,
  faulted: recorded?.faulted ?? 0,
});

const viewOfRecorded = ({ run, tenant, serial, startedAt, endedAt, exchanges, refused, faulted }: Recorded): RunView => ({
  run,
  state: 'recorded',
  ...{ scenario: null, title: null, problem: null, screen: null, hresult: null, differences: [] },
  ...{ tenant, serial, startedAt, endedAt, exchanges, refused, faulted },
});
