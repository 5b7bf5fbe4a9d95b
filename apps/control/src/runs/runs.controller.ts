import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Res, UseFilters } from '@nestjs/common';
import { STOPPING } from '@greenscreen/host/context';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Journal } from '@greenscreen/host/journal';
import { Random } from '@greenscreen/host/random';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { type Response } from 'express';
import { DataSource } from 'typeorm';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { differencesOf } from './difference.js';
import { streamEvents } from './event-stream.js';
import { comparison, runAnswer, runList, timelineAnswer } from './run-answers.js';
import { runOrder, sourceIn } from './run-order.js';
import { RunQueue } from './run-queue.js';
import { RunStore } from './run-store.js';
import { findRun, latestRuns, type RunView } from './run-view.js';
import { type TimelineStep, timelineOf } from './timeline.js';

/** Beyond this, laying two runs side by side takes too long. */
const LONGEST = 5000;

/** Runs that were ordered here, and those that the journal has seen: whoever sends `X-Greenscreen-Run` has one. */
@Controller('runs')
@UseFilters(new FaultFilter(controlDialect))
export class RunsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly journal: Journal,
    private readonly random: Random,
    private readonly store: RunStore,
    private readonly queue: RunQueue,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  @Get()
  @Operation('control', 'ListRuns')
  @Describe({ summary: 'The latest runs', answer: runList })
  async list(): Promise<Reply> {
    await this.bringUpToDate();
    const runs = await latestRuns(this.dataSource, this.store);
    if (runs.some(({ state }) => state === 'waiting')) this.queue.look();
    return json(200, { runs });
  }

  /** Answers at once; the run begins as soon as there is room for it. */
  @Post()
  @Operation('control', 'StartRun')
  @Describe({
    summary: 'Play a scenario of the catalogue, or a document, against this cloud',
    body: runOrder,
    answer: runAnswer,
    status: 202,
  })
  async start(@Body() body: Buffer, @Headers('content-type') contentType?: string): Promise<Reply> {
    const source = sourceIn(body, contentType);
    const runner = await this.queue.runner();
    if (!runner) throw new Fault('control.NoRunner');
    const facts = runner.read(source);
    if ('problem' in facts) throw new Fault('control.BadRequest', { reason: facts.problem });
    const { id, title, alone, serial } = facts;
    const run = this.random.uuid();
    const document = 'document' in source ? source.document : null;
    if (!(await this.store.order({ run, scenario: id, title, document, alone, serial, tenantId: this.random.uuid() })))
      throw new Fault('control.TooManyRuns');
    this.queue.look();
    return json(202, await this.view(run), { Location: `/runs/${run}` });
  }

  @Get(':run')
  @Operation('control', 'ReadRun')
  @Describe({ summary: 'What became of a run', answer: runAnswer })
  async read(@Param('run') run: string): Promise<Reply> {
    return json(200, await this.view(run));
  }

  /** It ends at its next checkpoint or wait; what it made stays, as after any other. */
  @Delete(':run')
  @Operation('control', 'AbortRun')
  @Describe({ summary: 'Abort a run', answer: runAnswer, status: 202 })
  async abort(@Param('run') run: string): Promise<Reply> {
    const { state } = await this.view(run);
    if (!(await this.queue.abort(run))) throw new Fault('control.Conflict', { reason: `The run is over already: ${state}` });
    return json(202, await this.view(run));
  }

  /** What happens in a run that was ordered here, as it happens. 204 for who has all of it, so that an EventSource does not come back. */
  @Get(':run/events')
  @Operation('control', 'FollowRun')
  @Describe({ summary: 'What happens in a run, live, as server-sent events', type: 'text/event-stream', orNothing: true })
  async events(
    @Param('run') run: string,
    @Res() response: Response,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<Reply | undefined> {
    if (lastEventId !== undefined && !/^\d{1,9}$/.test(lastEventId))
      throw new Fault('control.BadRequest', { reason: 'Last-Event-ID: is not a number' });
    const after = Number(lastEventId ?? 0);
    const row = await this.store.find(run);
    if (!row) throw new Fault('control.NotFound', { what: `run ${run} that was started here` });
    if (row.endedAt && after > (await this.store.lastNumber(run))) return reply(204);
    const { store, stopping } = this;
    await streamEvents(response, { store, run, after, stopping, onWaiting: () => this.queue.look() });
    return undefined;
  }

  /** Its exchanges and the checkpoints of its device, in order. */
  @Get(':run/timeline')
  @Operation('control', 'ReadTimeline')
  @Describe({ summary: 'What happened in a run', answer: timelineAnswer })
  async timeline(@Param('run') run: string): Promise<Reply> {
    return json(200, { ...(await this.view(run)), timeline: await timelineOf(this.dataSource, run) });
  }

  /** Steps that only one has, and those that ended otherwise. */
  @Get(':run/diff/:other')
  @Operation('control', 'CompareRuns')
  @Describe({ summary: 'Where two runs part', answer: comparison })
  async diff(@Param('run') run: string, @Param('other') other: string): Promise<Reply> {
    const [a, b] = [await this.view(run), await this.view(other)];
    const [steps, others] = [await this.steps(run), await this.steps(other)];
    return json(200, { a, b, differences: differencesOf(steps, others) });
  }

  private async view(run: string): Promise<RunView> {
    await this.bringUpToDate();
    const found = await findRun(this.dataSource, this.store, run);
    if (!found) throw new Fault('control.NotFound', { what: `run ${run}` });
    if (found.state === 'waiting') this.queue.look();
    return found;
  }

  /** Who reads sees what has happened so far, and which runs nobody plays any more. */
  private async bringUpToDate(): Promise<void> {
    const [lost] = await Promise.all([this.store.buryLost(), this.journal.flush()]);
    if (lost) this.queue.look();
  }

  private async steps(run: string): Promise<TimelineStep[]> {
    const steps = await timelineOf(this.dataSource, run);
    if (steps.length > LONGEST) throw new Fault('control.BadRequest', { reason: `run ${run} has more than ${LONGEST} steps` });
    return steps;
  }
}
