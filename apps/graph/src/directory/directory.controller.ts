import { Controller, Delete, Get, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { createFederation, deleteFederation, listFederation } from './federation.operation.js';
import { getDomain, getOrganization, listDomains, listOrganization } from './organization.operation.js';
import { listServiceEndpoints } from './service-endpoints.operation.js';
import { getMe, getUser, listUsers } from './users.operation.js';

/** Tenant, domains, people, service locations (reference 01, 3.6). */
@Controller({ host: graphHosts, path: [...bothVersions(''), ...bothVersions('myorganization')] })
@UseFilters(new FaultFilter(graphDialect))
export class DirectoryController {
  constructor(private readonly graph: GraphServices) {}

  @Get('organization')
  @Operation('graph', 'ListOrganization')
  async organization(): Promise<Reply> {
    return listOrganization(await openRequest(this.graph, permissions.organizationRead));
  }

  @Get('organization/:id')
  @Operation('graph', 'GetOrganization')
  async oneOrganization(@Param('id') id: string): Promise<Reply> {
    return getOrganization(await openRequest(this.graph, permissions.organizationRead), id);
  }

  @Get('domains')
  @Operation('graph', 'ListDomains')
  async domains(): Promise<Reply> {
    return listDomains(await openRequest(this.graph, permissions.domainsRead));
  }

  @Get('domains/:id')
  @Operation('graph', 'GetDomain')
  async domain(@Param('id') id: string): Promise<Reply> {
    return getDomain(await openRequest(this.graph, permissions.domainsRead), id);
  }

  @Get('domains/:id/federationConfiguration')
  @Operation('graph', 'ListDomainFederation')
  async federation(@Param('id') id: string): Promise<Reply> {
    return listFederation(await openRequest(this.graph, permissions.domainsRead), id);
  }

  @Post('domains/:id/federationConfiguration')
  @Operation('graph', 'CreateDomainFederation')
  async federate(@Param('id') id: string): Promise<Reply> {
    return createFederation(await openRequest(this.graph, permissions.domainsWrite), id);
  }

  @Delete('domains/:id/federationConfiguration/:federationId')
  @Operation('graph', 'DeleteDomainFederation')
  async manage(@Param('id') id: string, @Param('federationId') federationId: string): Promise<Reply> {
    return deleteFederation(await openRequest(this.graph, permissions.domainsWrite), id, federationId);
  }

  @Get('me')
  @Operation('graph', 'GetMe')
  async me(): Promise<Reply> {
    return getMe(await openRequest(this.graph, permissions.me));
  }

  @Get('users')
  @Operation('graph', 'ListUsers')
  async users(): Promise<Reply> {
    return listUsers(await openRequest(this.graph, permissions.usersRead));
  }

  @Get('users/:id')
  @Operation('graph', 'GetUser')
  async user(@Param('id') id: string): Promise<Reply> {
    return getUser(await openRequest(this.graph, permissions.usersRead), id);
  }

  @Get('servicePrincipals/:key/endpoints')
  @Operation('graph', 'ListServiceEndpoints')
  async endpoints(@Param('key') key: string): Promise<Reply> {
    return listServiceEndpoints(await openRequest(this.graph, permissions.applicationsRead), key);
  }
}
