import { Controller, Get, Param, Patch, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { enrollmentConfigurationResource } from './enrollment-configurations.js';
import {
  getEnrollmentConfiguration,
  listEnrollmentConfigurations,
  updateEnrollmentConfiguration,
} from './enrollment-configurations.operation.js';

/** Enrollment status page, device limit and platform restrictions of a tenant (Graph reference, `deviceEnrollmentConfiguration`). */
@Controller({ host: graphHosts, path: bothVersions(enrollmentConfigurationResource) })
@UseFilters(new FaultFilter(graphDialect))
export class EnrollmentConfigurationsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListEnrollmentConfigurations')
  async list(): Promise<Reply> {
    return listEnrollmentConfigurations(await openRequest(this.graph, permissions.enrollmentConfigurationRead));
  }

  @Get(':id')
  @Operation('graph', 'GetEnrollmentConfiguration')
  async get(@Param('id') id: string): Promise<Reply> {
    return getEnrollmentConfiguration(await openRequest(this.graph, permissions.enrollmentConfigurationRead), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateEnrollmentConfiguration')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateEnrollmentConfiguration(await openRequest(this.graph, permissions.enrollmentConfigurationWrite), id);
  }
}
