import { Controller, Get, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { scenarioList } from './run-answers.js';
import { RunQueue } from './run-queue.js';

@Controller('scenarios')
@UseFilters(new FaultFilter(controlDialect))
export class ScenariosController {
  constructor(private readonly queue: RunQueue) {}

  /** What `POST /runs` takes by its id. */
  @Get()
  @Operation('control', 'ListScenarios')
  @Describe({ summary: 'Scenarios of the catalogue', answer: scenarioList })
  async list(): Promise<Reply> {
    const runner = await this.queue.runner();
    if (!runner) throw new Fault('control.NoRunner');
    return json(200, { scenarios: await runner.catalogue() });
  }
}
