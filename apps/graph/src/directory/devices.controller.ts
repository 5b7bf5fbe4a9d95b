import { Controller, Delete, Get, Param, Patch, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { getDevice, listDevices, listDeviceUsers, removeDevice, updateDevice } from './devices.operation.js';
import { memberOf } from './group-members.operation.js';

/** Device objects of the directory (reference 01, 3.6). */
@Controller({ host: graphHosts, path: bothVersions('devices') })
@UseFilters(new FaultFilter(graphDialect))
export class DevicesController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListDevices')
  async list(): Promise<Reply> {
    return listDevices(await openRequest(this.graph, permissions.devicesRead));
  }

  @Get(':id')
  @Operation('graph', 'GetDevice')
  async get(@Param('id') id: string): Promise<Reply> {
    return getDevice(await openRequest(this.graph, permissions.devicesRead), id);
  }

  @Get(':id/registeredOwners')
  @Operation('graph', 'ListDeviceOwners')
  async owners(@Param('id') id: string): Promise<Reply> {
    return listDeviceUsers(await openRequest(this.graph, permissions.devicesRead), id, 'owner');
  }

  @Get(':id/registeredUsers')
  @Operation('graph', 'ListDeviceUsers')
  async users(@Param('id') id: string): Promise<Reply> {
    return listDeviceUsers(await openRequest(this.graph, permissions.devicesRead), id, 'user');
  }

  @Get([':id/memberOf', ':id/transitiveMemberOf'])
  @Operation('graph', 'ListDeviceGroups')
  async groups(@Param('id') id: string): Promise<Reply> {
    return memberOf(await openRequest(this.graph, permissions.devicesRead), id);
  }

  @Patch(':id')
  @Operation('graph', 'UpdateDevice')
  async update(@Param('id') id: string): Promise<Reply> {
    return updateDevice(await openRequest(this.graph, permissions.devicesWrite), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteDevice')
  async remove(@Param('id') id: string): Promise<Reply> {
    return removeDevice(await openRequest(this.graph, permissions.devicesWrite), id);
  }
}
