import { Controller, Get, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { permissions } from '../request/permissions.js';
import { getSettings, synchronize } from './synchronize.operation.js';

/** Autopilot settings and the synchronisation that administrators ask for (reference 01, 3.4). */
@Controller({ host: graphHosts, path: 'beta/deviceManagement/windowsAutopilotSettings' })
@UseFilters(new FaultFilter(graphDialect))
export class SettingsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'GetSettings')
  async get(): Promise<Reply> {
    return getSettings(await openRequest(this.graph, permissions.serviceConfigRead));
  }

  @Post('sync')
  @Operation('graph', 'Synchronize')
  async sync(): Promise<Reply> {
    return synchronize(await openRequest(this.graph, permissions.serviceConfigWrite));
  }
}
