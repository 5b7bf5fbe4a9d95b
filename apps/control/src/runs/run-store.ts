import { Inject, Injectable } from '@nestjs/common';
import { RunEntry, type RunVerdict, ScenarioRun } from '@greenscreen/model/runs';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { RUN_SETTINGS, type RunSettings } from './run-settings.js';

/** Held while a process takes the next run: two must not take one, nor begin one beside a run that wants the cloud to itself. */
const CLAIM_LOCK = 0x67727263; // "grrc"
/** Without a sign of life for so long, the process that plays a run is taken for dead. */
const PATIENCE = '30 seconds';
/** Entries that are read at a time. */
const PAGE = 500;

/** What becomes of a run whose entries have been written: it goes on, somebody wants it to end, or it is over whatever its player thinks. */
export type Continuation = 'go-on' | 'abort' | 'over';

export type NewRun = Pick<ScenarioRun, 'run' | 'scenario' | 'title' | 'document' | 'alone' | 'tenantId' | 'serial'>;
export type RunEnd = Pick<ScenarioRun, 'verdict' | 'problem' | 'screen' | 'hresult' | 'differences'>;
export type NumberedEntry = Omit<RunEntry, 'run'>;

/** The rows of runs that the control API was asked for. Every process sees the same ones. */
@Injectable()
export class RunStore {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(RUN_SETTINGS) private readonly settings: RunSettings,
  ) {}

  private get em(): EntityManager {
    return this.dataSource.manager;
  }

  find(run: string): Promise<ScenarioRun | null> {
    return this.em.findOneBy(ScenarioRun, { run });
  }

  latest(limit: number): Promise<ScenarioRun[]> {
    return this.em.find(ScenarioRun, { order: { orderedAt: 'DESC' }, take: limit });
  }

  /** False when too many wait already. */
  async order(run: NewRun): Promise<boolean> {
    const [found] = await this.em.query<{ waiting: number }[]>(
      'SELECT count(*)::int AS waiting FROM scenario_run WHERE ended_at IS NULL AND started_at IS NULL',
    );
    if ((found?.waiting ?? 0) >= this.settings.runsWaiting) return false;
    await this.em.insert(ScenarioRun, run);
    return true;
  }

  /** Takes the run that has waited longest, if it may begin now: others do not overtake one that waits for the cloud to itself. */
  claim(): Promise<ScenarioRun | null> {
    return this.dataSource.transaction(async (em) => {
      await em.query('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK]);
      const [[taken]] = await em.query<[{ run: string }[], number]>(
        `UPDATE scenario_run SET started_at = now(), seen_at = now()
         WHERE run = (SELECT run FROM scenario_run WHERE ended_at IS NULL AND started_at IS NULL ORDER BY ordered_at, run LIMIT 1)
           AND NOT EXISTS (SELECT FROM scenario_run busy
             WHERE busy.ended_at IS NULL AND busy.started_at IS NOT NULL AND (busy.alone OR scenario_run.alone))
         RETURNING run`,
      );
      return taken ? em.findOneBy(ScenarioRun, { run: taken.run }) : null;
    });
  }

  /** Adds entries, and says that their player lives. */
  write(run: string, entries: readonly NumberedEntry[]): Promise<Continuation> {
    return this.dataSource.transaction(async (em) => {
      const [[open]] = await em.query<[{ abort: boolean }[], number]>(
        'UPDATE scenario_run SET seen_at = now() WHERE run = $1 AND ended_at IS NULL RETURNING abort_asked_at IS NOT NULL AS abort',
        [run],
      );
      if (!open) return 'over';
      if (entries.length > 0)
        await em.insert(
          RunEntry,
          entries.map((entry) => ({ ...entry, run })),
        );
      return open.abort ? 'abort' : 'go-on';
    });
  }

  /** Writes what is left to be told and how the run ended, unless it is over already; then forgets the oldest. */
  end(run: string, entries: readonly NumberedEntry[], end: RunEnd): Promise<void> {
    return this.dataSource.transaction(async (em) => {
      const [, ended] = await em.query<[unknown[], number]>(
        `UPDATE scenario_run SET ended_at = now(), verdict = $2, problem = $3, screen = $4, hresult = $5, differences = $6
         WHERE run = $1 AND ended_at IS NULL`,
        [run, end.verdict, end.problem, end.screen, end.hresult, JSON.stringify(end.differences)],
      );
      if (ended === 0) return;
      await em.insert(
        RunEntry,
        entries.map((entry) => ({ ...entry, run })),
      );
      await em.query(
        `WITH forgotten AS (DELETE FROM scenario_run
           WHERE run IN (SELECT run FROM scenario_run WHERE ended_at IS NOT NULL ORDER BY ordered_at DESC OFFSET $1) RETURNING run)
         DELETE FROM run_entry USING forgotten WHERE run_entry.run = forgotten.run`,
        [this.settings.runsKept],
      );
    });
  }

  /** One that waits is over at once; one under way ends when its player hears of it. False when it is over. */
  async askToAbort(run: string): Promise<boolean> {
    const [, asked] = await this.em.query<[unknown[], number]>(
      `UPDATE scenario_run SET abort_asked_at = now(),
         ended_at = CASE WHEN started_at IS NULL THEN now() END, verdict = CASE WHEN started_at IS NULL THEN '${'aborted' satisfies RunVerdict}' END
       WHERE run = $1 AND ended_at IS NULL`,
      [run],
    );
    return asked > 0;
  }

  /** Ends the runs whose players have died. True when there were some. */
  async buryLost(): Promise<boolean> {
    const [, lost] = await this.em.query<[unknown[], number]>(
      `UPDATE scenario_run SET ended_at = now(), verdict = '${'lost' satisfies RunVerdict}', problem = 'The process that played it is gone'
       WHERE ended_at IS NULL AND seen_at < now() - interval '${PATIENCE}'`,
    );
    return lost > 0;
  }

  /** The entries behind a number, in their order; so many at a time that there are more only when `full`. */
  async entriesAfter(run: string, number: number): Promise<{ entries: RunEntry[]; full: boolean }> {
    const entries = await this.em.find(RunEntry, { where: { run, number: MoreThan(number) }, order: { number: 'ASC' }, take: PAGE });
    return { entries, full: entries.length === PAGE };
  }

  async lastNumber(run: string): Promise<number> {
    return (await this.em.maximum(RunEntry, 'number', { run })) ?? 0;
  }
}
