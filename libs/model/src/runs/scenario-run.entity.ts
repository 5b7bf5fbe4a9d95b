import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How a run is over: `lost`, when the process that played it is gone. */
export type RunVerdict = 'as-expected' | 'different' | 'failed' | 'aborted' | 'lost';

/** A run that the control API was asked for. Its times are real ones, as the journal's are. */
@Entity('scenario_run')
@Index(['orderedAt'])
// Those that wait or are under way: what a process asks for whenever it could play one.
@Index('scenario_run_open', ['orderedAt'], { where: 'ended_at IS NULL' })
export class ScenarioRun {
  /** GUID; also `X-Greenscreen-Run` of its requests. */
  @PrimaryColumn('text') run: string;
  /** Id of the scenario. */
  @Column('text') scenario: string;
  @Column('text') title: string;
  /** YAML or JSON that came with the order; null for a scenario of the catalogue. */
  @Column('text', { nullable: true }) document: string | null;
  /** It has to run while nobody else does. */
  @Column('boolean') alone: boolean;
  /** The tenant that it makes. */
  @Column('uuid') tenantId: string;
  @Column('text') serial: string;
  @Column('timestamptz', { default: () => 'now()' }) orderedAt: Date;
  @Column('timestamptz', { nullable: true }) startedAt: Date | null;
  /** Last sign of life of the process that plays it. */
  @Column('timestamptz', { nullable: true }) seenAt: Date | null;
  @Column('timestamptz', { nullable: true }) abortAskedAt: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  @Column('text', { nullable: true }) verdict: RunVerdict | null;
  /** Why it could not be played to its end. */
  @Column('text', { nullable: true }) problem: string | null;
  /** Page on which the device stood at the end, and the code on it. */
  @Column('text', { nullable: true }) screen: string | null;
  @Column('text', { nullable: true }) hresult: string | null;
  @Column('jsonb', { default: [] }) differences: readonly RunDeviation[];
}

/** One thing that is not as the scenario expects it. */
export interface RunDeviation {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}
