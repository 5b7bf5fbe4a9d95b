import { Controller, Delete, Get, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { type GraphRequest } from '../request/graph-request.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import {
  allowNextEnrollment,
  assignResourceAccountToDevice,
  assignUserToDevice,
  deleteIdentity,
  unassignResourceAccountFromDevice,
  unassignUserFromDevice,
  updateDeviceProperties,
} from './change-identity.operation.js';
import { identityResource } from './identity.json.js';
import { getIdentity, listIdentities } from './read-identities.operation.js';

/** Registered devices (reference 01, 3.3). */
@Controller({ host: graphHosts, path: bothVersions(identityResource) })
@UseFilters(new FaultFilter(graphDialect))
export class IdentitiesController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListIdentities')
  async list(): Promise<Reply> {
    return listIdentities(await this.read());
  }

  @Get(':id')
  @Operation('graph', 'GetIdentity')
  async get(@Param('id') id: string): Promise<Reply> {
    return getIdentity(await this.read(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteIdentity')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteIdentity(await this.write(), id);
  }

  @Post(':id/updateDeviceProperties')
  @Operation('graph', 'UpdateDeviceProperties')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateDeviceProperties(await this.write(), id);
  }

  @Post(':id/assignUserToDevice')
  @Operation('graph', 'AssignUserToDevice')
  async assignUser(@Param('id') id: string): Promise<Reply> {
    return assignUserToDevice(await this.write(), id);
  }

  /** Documented as needing no more than reading (reference 01, 3.1). */
  @Post(':id/unassignUserFromDevice')
  @Operation('graph', 'UnassignUserFromDevice')
  async unassignUser(@Param('id') id: string): Promise<Reply> {
    return unassignUserFromDevice(await this.read(), id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.serviceConfigRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.serviceConfigWrite);
  }
}

/** Actions that only the beta version has. */
@Controller({ host: graphHosts, path: `beta/${identityResource}` })
@UseFilters(new FaultFilter(graphDialect))
export class BetaIdentitiesController {
  constructor(private readonly graph: GraphServices) {}

  @Post(':id/assignResourceAccountToDevice')
  @Operation('graph', 'AssignResourceAccount')
  async assignResourceAccount(@Param('id') id: string): Promise<Reply> {
    return assignResourceAccountToDevice(await openRequest(this.graph, permissions.serviceConfigWrite), id);
  }

  @Post(':id/unassignResourceAccountFromDevice')
  @Operation('graph', 'UnassignResourceAccount')
  async unassignResourceAccount(@Param('id') id: string): Promise<Reply> {
    return unassignResourceAccountFromDevice(await openRequest(this.graph, permissions.serviceConfigWrite), id);
  }

  @Post(':id/allowNextEnrollment')
  @Operation('graph', 'AllowNextEnrollment')
  async allow(@Param('id') id: string): Promise<Reply> {
    return allowNextEnrollment(await openRequest(this.graph, permissions.serviceConfigWrite), id);
  }
}
