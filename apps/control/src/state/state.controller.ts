import { Body, Controller, Delete, Get, Param, Post, Put, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Journal } from '@greenscreen/host/journal';
import { Random } from '@greenscreen/host/random';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { NewerSchemaError } from '@greenscreen/model/database';
import { LabFileError, readLabFile, writeLabFile } from './lab-file.js';
import { resetInstallation } from './reset.js';
import { dropSnapshot, listSnapshots, restoreSnapshot, SNAPSHOT_NAME, takeSnapshot } from './snapshots.js';

const GZIP = 'application/gzip';
const NEWER_FILE = 'The lab file was written by a later version of this program, which alone can read it';

const resetBody = z.strictObject({ empty: z.boolean().default(false) });

const snapshotList = z.object({ value: z.array(z.object({ name: z.string(), size: z.int().describe('bytes') })) });

@Controller()
@UseFilters(new FaultFilter(controlDialect))
export class StateController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
    private readonly journal: Journal,
  ) {}

  /** A new installation with the same authorities. */
  @Post('reset')
  @Operation('control', 'Reset')
  @Describe({ summary: 'Back to a new installation with the same authorities', body: resetBody })
  async reset(@Body() body: Buffer): Promise<Reply> {
    const { empty } = decodeBody(resetBody, body);
    await this.journal.flush();
    await resetInstallation(this.dataSource, this.random, empty);
    return reply(204);
  }

  /** A lab file: the whole state but journal and runs, with authorities and keys. Whoever has it can play this lab. */
  @Get('state')
  @Operation('control', 'ExportState')
  @Describe({ summary: 'The whole state as a file', type: GZIP })
  async export(): Promise<Reply> {
    return reply(200, GZIP, await writeLabFile(this.dataSource));
  }

  /** Puts a lab file in the place of everything. `restart`: it has other authorities, which running processes do not know yet. */
  @Put('state')
  @Operation('control', 'ImportState')
  @Describe({ summary: 'Put the state of such a file in the place of everything', answer: z.object({ restart: z.boolean() }) })
  async import(@Body() body: Buffer): Promise<Reply> {
    try {
      return json(200, { restart: await readLabFile(this.dataSource, body) });
    } catch (error) {
      if (error instanceof NewerSchemaError) throw new Fault('control.Conflict', { reason: NEWER_FILE }, { cause: error });
      if (error instanceof LabFileError) throw new Fault('control.BadRequest', { reason: error.message }, { cause: error });
      throw error;
    }
  }

  @Get('snapshots')
  @Operation('control', 'ListSnapshots')
  @Describe({ summary: 'Snapshots and their size', answer: snapshotList })
  async list(): Promise<Reply> {
    return json(200, { value: await listSnapshots(this.dataSource) });
  }

  /** Takes one, also in the middle of a run. */
  @Post('snapshots/:name')
  @Operation('control', 'TakeSnapshot')
  @Describe({ summary: 'Take a snapshot', answer: z.object({ name: z.string() }), status: 201 })
  async take(@Param('name') name: string): Promise<Reply> {
    await takeSnapshot(this.dataSource, usable(name));
    return json(201, { name });
  }

  /** Puts it back. */
  @Put('snapshots/:name')
  @Operation('control', 'RestoreSnapshot')
  @Describe({ summary: 'Put a snapshot back' })
  async restore(@Param('name') name: string): Promise<Reply> {
    if (!(await restoreSnapshot(this.dataSource, usable(name)))) throw new Fault('control.NotFound', { what: `snapshot ${name}` });
    return reply(204);
  }

  @Delete('snapshots/:name')
  @Operation('control', 'DropSnapshot')
  @Describe({ summary: 'Forget a snapshot' })
  async drop(@Param('name') name: string): Promise<Reply> {
    if (!(await dropSnapshot(this.dataSource, usable(name)))) throw new Fault('control.NotFound', { what: `snapshot ${name}` });
    return reply(204);
  }
}

function usable(name: string): string {
  if (SNAPSHOT_NAME.test(name)) return name;
  throw new Fault('control.BadRequest', { reason: 'name: lower-case letters, digits and hyphens, at most 41' });
}
