import { Controller, Get, Param, Patch, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { findTenant } from '@greenscreen/model/tenancy';
import { directoryGraphAudiences } from '@greenscreen/wire/graph';
import { GraphServices } from '../graph-services.js';
import { directoryGraphHosts } from '../hosts.js';
import { type GraphRequest } from '../request/graph-request.js';
import { openRequest } from '../request/open-request.js';
import { type Permission, permissions } from '../request/permissions.js';
import { directoryGraphDialect } from './directory-graph.errors.js';
import { getOldDevice, getTenantDetails, listOldDevices, patchOldDevice } from './directory-graph.operation.js';

/** The older directory graph, as far as older clients and foreign management services still call it (reference 01, 3.7; 02, 15.1). */
@Controller({ host: directoryGraphHosts, path: ':tenant' })
@UseFilters(new FaultFilter(directoryGraphDialect))
export class DirectoryGraphController {
  constructor(private readonly graph: GraphServices) {}

  @Get('tenantDetails')
  @Operation('graph', 'GetTenantDetails')
  async tenantDetails(@Param('tenant') tenant: string): Promise<Reply> {
    return getTenantDetails(await this.open(tenant, permissions.organizationRead));
  }

  @Get('devices')
  @Operation('graph', 'ListDevices')
  async devices(@Param('tenant') tenant: string): Promise<Reply> {
    return listOldDevices(await this.open(tenant, permissions.devicesRead));
  }

  @Get('devices/:id')
  @Operation('graph', 'GetDevice')
  async device(@Param('tenant') tenant: string, @Param('id') id: string): Promise<Reply> {
    return getOldDevice(await this.open(tenant, permissions.devicesRead), id);
  }

  @Patch('devices/:id')
  @Operation('graph', 'UpdateDevice')
  async update(@Param('tenant') tenant: string, @Param('id') id: string): Promise<Reply> {
    return patchOldDevice(await this.open(tenant, permissions.devicesWrite), id);
  }

  /**
   * The tenant in the path has to be the token's; `myorganization` stands for it. Here a user's token has one delegated permission, which is all
   * that the user may (reference 02, 5.1).
   */
  private async open(segment: string, { anyOf, administrator }: Permission): Promise<GraphRequest> {
    const permission = { anyOf: [...anyOf, 'user_impersonation'], administrator };
    const request = await openRequest(this.graph, permission, directoryGraphAudiences);
    if (segment.toLowerCase() === 'myorganization') return request;
    const named = await findTenant(this.graph.em, segment);
    if (named?.id !== request.tenant.id) throw new Fault('graph.ResourceNotFound', { id: segment });
    return request;
  }
}
