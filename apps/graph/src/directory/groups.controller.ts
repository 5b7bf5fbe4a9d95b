import { Controller, Delete, Get, Param, Patch, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { addMember, listMembers, removeMember } from './group-members.operation.js';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.operation.js';

/** Groups and their members (reference 01, 3.6). */
@Controller({ host: graphHosts, path: bothVersions('groups') })
@UseFilters(new FaultFilter(graphDialect))
export class GroupsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListGroups')
  async list(): Promise<Reply> {
    return listGroups(await openRequest(this.graph, permissions.groupsRead));
  }

  @Post()
  @Operation('graph', 'CreateGroup')
  async create(): Promise<Reply> {
    return createGroup(await openRequest(this.graph, permissions.groupsWrite));
  }

  @Get(':id')
  @Operation('graph', 'GetGroup')
  async get(@Param('id') id: string): Promise<Reply> {
    return getGroup(await openRequest(this.graph, permissions.groupsRead), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateGroup')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateGroup(await openRequest(this.graph, permissions.groupsWrite), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteGroup')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteGroup(await openRequest(this.graph, permissions.groupsWrite), id);
  }

  @Get([':id/members', ':id/transitiveMembers'])
  @Operation('graph', 'ListMembers')
  async members(@Param('id') id: string): Promise<Reply> {
    return listMembers(await openRequest(this.graph, permissions.groupsRead), id);
  }

  @Post(':id/members/$ref')
  @Operation('graph', 'AddMember')
  async addMember(@Param('id') id: string): Promise<Reply> {
    return addMember(await openRequest(this.graph, permissions.groupMembersWrite), id);
  }

  @Delete(':id/members/:member/$ref')
  @Operation('graph', 'RemoveMember')
  async removeMember(@Param('id') id: string, @Param('member') member: string): Promise<Reply> {
    return removeMember(await openRequest(this.graph, permissions.groupMembersWrite), id, member);
  }
}
