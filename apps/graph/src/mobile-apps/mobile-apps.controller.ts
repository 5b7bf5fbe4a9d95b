import { Controller, Delete, Get, Param, Patch, Post, UseFilters } from '@nestjs/common';
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
import { mobileAppResource } from './mobile-app.json.js';
import { assignableApps, createApp, deleteApp, getApp, listApps, updateApp } from './mobile-apps.operation.js';

/** Apps, and whom they are assigned to (Graph reference, `mobileApp`). Contents are not uploaded: an app has the lab's own. */
@Controller({ host: graphHosts, path: bothVersions(mobileAppResource) })
@UseFilters(new FaultFilter(graphDialect))
export class MobileAppsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListApps')
  async list(): Promise<Reply> {
    return listApps(await this.read());
  }

  @Post()
  @Operation('graph', 'CreateApp')
  async create(): Promise<Reply> {
    return createApp(await this.write());
  }

  @Get(':id')
  @Operation('graph', 'GetApp')
  async get(@Param('id') id: string): Promise<Reply> {
    return getApp(await this.read(), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateApp')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateApp(await this.write(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteApp')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteApp(await this.write(), id);
  }

  @Get(':id/assignments')
  @Operation('graph', 'ListAppAssignments')
  async assignments(@Param('id') id: string): Promise<Reply> {
    return listAssignments(await this.read(), assignableApps, id);
  }

  @Post(':id/assign')
  @Operation('graph', 'AssignApp')
  async assign(@Param('id') id: string): Promise<Reply> {
    return assign(await this.write(), assignableApps, id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.appsRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.appsWrite);
  }
}
