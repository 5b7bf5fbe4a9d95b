import { Controller, Delete, Get, Param, Patch, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { type GraphRequest } from '../request/graph-request.js';
import { openRequest } from '../request/open-request.js';
import { permissions } from '../request/permissions.js';
import { assignToDevices, createAssignment, deleteAssignment, listAssignments } from './assignments.operation.js';
import { createProfile, deleteProfile, updateProfile } from './change-profile.operation.js';
import { profileResource } from './profile.json.js';
import { getProfile, listAssignedDevices, listProfiles } from './read-profiles.operation.js';

/** Deployment profiles and where they go (reference 01, 3.5). Their types exist in the beta version only. */
@Controller({ host: graphHosts, path: `beta/${profileResource}` })
@UseFilters(new FaultFilter(graphDialect))
export class ProfilesController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListProfiles')
  async list(): Promise<Reply> {
    return listProfiles(await this.read());
  }

  @Post()
  @Operation('graph', 'CreateProfile')
  async create(): Promise<Reply> {
    return createProfile(await this.write());
  }

  @Get(':id')
  @Operation('graph', 'GetProfile')
  async get(@Param('id') id: string): Promise<Reply> {
    return getProfile(await this.read(), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateProfile')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateProfile(await this.write(), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteProfile')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteProfile(await this.write(), id);
  }

  @Get(':id/assignments')
  @Operation('graph', 'ListAssignments')
  async assignments(@Param('id') id: string): Promise<Reply> {
    return listAssignments(await this.read(), id);
  }

  @Post(':id/assignments')
  @Operation('graph', 'CreateAssignment')
  async addAssignment(@Param('id') id: string): Promise<Reply> {
    return createAssignment(await this.write(), id);
  }

  @Delete(':id/assignments/:assignment')
  @Operation('graph', 'DeleteAssignment')
  async removeAssignment(@Param('id') id: string, @Param('assignment') assignment: string): Promise<Reply> {
    return deleteAssignment(await this.write(), id, assignment);
  }

  @Post(':id/assign')
  @Operation('graph', 'AssignProfile')
  async assign(@Param('id') id: string): Promise<Reply> {
    return assignToDevices(await this.write(), id);
  }

  @Get(':id/assignedDevices')
  @Operation('graph', 'ListAssignedDevices')
  async assignedDevices(@Param('id') id: string): Promise<Reply> {
    return listAssignedDevices(await this.read(), id);
  }

  private read(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.serviceConfigRead);
  }

  private write(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.serviceConfigWrite);
  }
}
