import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Journal } from '@greenscreen/host/journal';
import { json, type Reply } from '@greenscreen/host/reply';
import { DataSource } from 'typeorm';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { differencesOf } from './difference.js';
import { findRuns, type RunSummary, type TimelineStep, timelineOf } from './timeline.js';

/** Beyond this, laying two runs side by side takes too long. */
const LONGEST = 5000;

/** Runs as the journal has seen them: whoever sends `X-Greenscreen-Run` has one. */
@Controller('runs')
@UseFilters(new FaultFilter(controlDialect))
export class RunsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly journal: Journal,
  ) {}

  @Get()
  @Operation('control', 'ListRuns')
  @Describe({ summary: 'The latest runs' })
  async list(): Promise<Reply> {
    await this.journal.flush();
    return json(200, { runs: await findRuns(this.dataSource, {}) });
  }

  @Get(':run')
  @Operation('control', 'ReadRun')
  @Describe({ summary: 'A run in short' })
  async read(@Param('run') run: string): Promise<Reply> {
    return json(200, await this.summary(run));
  }

  /** Its exchanges and the checkpoints of its device, in order. */
  @Get(':run/timeline')
  @Operation('control', 'ReadTimeline')
  @Describe({ summary: 'What happened in a run' })
  async timeline(@Param('run') run: string): Promise<Reply> {
    return json(200, { ...(await this.summary(run)), timeline: await timelineOf(this.dataSource, run) });
  }

  /** Steps that only one has, and those that ended otherwise. */
  @Get(':run/diff/:other')
  @Operation('control', 'CompareRuns')
  @Describe({ summary: 'Where two runs part' })
  async diff(@Param('run') run: string, @Param('other') other: string): Promise<Reply> {
    const [a, b] = [await this.summary(run), await this.summary(other)];
    const [steps, others] = [await this.steps(run), await this.steps(other)];
    return json(200, { a, b, differences: differencesOf(steps, others) });
  }

  private async summary(run: string): Promise<RunSummary> {
    await this.journal.flush();
    const [found] = await findRuns(this.dataSource, { run });
    if (!found) throw new Fault('control.NotFound', { what: `run ${run} in the journal` });
    return found;
  }

  private async steps(run: string): Promise<TimelineStep[]> {
    const steps = await timelineOf(this.dataSource, run);
    if (steps.length > LONGEST) throw new Fault('control.BadRequest', { reason: `run ${run} has more than ${LONGEST} steps` });
    return steps;
  }
}
