import { Controller, Delete, Get, HttpCode, Param, Patch, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { assign, listAssignments } from '../assignments/assignments.operation.js';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { type GraphRequest } from '../request/graph-request.js';
import { openRequest } from '../request/open-request.js';
import { permissions } from '../request/permissions.js';
import {
  assignableScripts,
  createScript,
  deleteScript,
  getScript,
  listScripts,
  scriptResource,
  updateScript,
} from './scripts.operation.js';

/** PowerShell scripts, and whom they are assigned to (Graph reference, `deviceManagementScript`). They exist in the beta version only. */
@Controller({ host: graphHosts, path: `beta/${scriptResource}` })
@UseFilters(new FaultFilter(graphDialect))
export class ScriptsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListScripts')
  async list(): Promise<Reply> {
    return listScripts(await this.read());
  }

  @Post()
  @Operation('graph', 'CreateScript')
  async create(): Promise<Reply> {
    return createScript(await this.write());
  }

  @Get(':id')
  @Operation('graph', 'GetScript')
  async get(@Param('id') id: string): Promise<Reply> {
    return getScript(await this.read(), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateScript')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateScript(await this.write(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteScript')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteScript(await this.write(), id);
  }

  @Get(':id/assignments')
  @Operation('graph', 'ListScriptAssignments')
  async assignments(@Param('id') id: string): Promise<Reply> {
    return listAssignments(await this.read(), assignableScripts, id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Operation('graph', 'AssignScript')
  async assign(@Param('id') id: string): Promise<Reply> {
    return assign(await this.write(), assignableScripts, id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationWrite);
  }
}
