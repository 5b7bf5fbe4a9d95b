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
import { compliancePolicyResource } from './compliance-policy.json.js';
import {
  assignableCompliancePolicies,
  createCompliancePolicy,
  deleteCompliancePolicy,
  getCompliancePolicy,
  listCompliancePolicies,
  updateCompliancePolicy,
} from './compliance-policies.operation.js';

/** Compliance policies, and whom they are assigned to (Graph reference, `deviceCompliancePolicy`). */
@Controller({ host: graphHosts, path: bothVersions(compliancePolicyResource) })
@UseFilters(new FaultFilter(graphDialect))
export class CompliancePoliciesController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListCompliancePolicies')
  async list(): Promise<Reply> {
    return listCompliancePolicies(await this.read());
  }

  @Post()
  @Operation('graph', 'CreateCompliancePolicy')
  async create(): Promise<Reply> {
    return createCompliancePolicy(await this.write());
  }

  @Get(':id')
  @Operation('graph', 'GetCompliancePolicy')
  async get(@Param('id') id: string): Promise<Reply> {
    return getCompliancePolicy(await this.read(), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateCompliancePolicy')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateCompliancePolicy(await this.write(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteCompliancePolicy')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteCompliancePolicy(await this.write(), id);
  }

  @Get(':id/assignments')
  @Operation('graph', 'ListCompliancePolicyAssignments')
  async assignments(@Param('id') id: string): Promise<Reply> {
    return listAssignments(await this.read(), assignableCompliancePolicies, id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Operation('graph', 'AssignCompliancePolicy')
  async assign(@Param('id') id: string): Promise<Reply> {
    return assign(await this.write(), assignableCompliancePolicies, id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.configurationWrite);
  }
}
