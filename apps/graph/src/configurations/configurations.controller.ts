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
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { configurationResource } from './configuration.json.js';
import {
  assignableConfigurations,
  createConfiguration,
  deleteConfiguration,
  getConfiguration,
  listConfigurations,
  updateConfiguration,
} from './configurations.operation.js';

/** Configuration profiles, and whom they are assigned to (Graph reference, `deviceConfiguration`). */
@Controller({ host: graphHosts, path: bothVersions(configurationResource) })
@UseFilters(new FaultFilter(graphDialect))
export class ConfigurationsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListConfigurations')
  async list(): Promise<Reply> {
    return listConfigurations(await this.read());
  }

  @Post()
  @Operation('graph', 'CreateConfiguration')
  async create(): Promise<Reply> {
    return createConfiguration(await this.write());
  }

  @Get(':id')
  @Operation('graph', 'GetConfiguration')
  async get(@Param('id') id: string): Promise<Reply> {
    return getConfiguration(await this.read(), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateConfiguration')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateConfiguration(await this.write(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteConfiguration')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteConfiguration(await this.write(), id);
  }

  @Get(':id/assignments')
  @Operation('graph', 'ListConfigurationAssignments')
  async assignments(@Param('id') id: string): Promise<Reply> {
    return listAssignments(await this.read(), assignableConfigurations, id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Operation('graph', 'AssignConfiguration')
  async assign(@Param('id') id: string): Promise<Reply> {
    return assign(await this.write(), assignableConfigurations, id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationWrite);
  }
}
