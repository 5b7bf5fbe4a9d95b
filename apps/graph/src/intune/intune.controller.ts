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
import { eventResource, getEvent, listEvents } from './autopilot-events.operation.js';
import { managedDeviceResource } from './managed-device.json.js';
import { actOnDevice, getManagedDevice, listManagedDevices, removeManagedDevice } from './managed-devices.operation.js';

/** Devices that are enrolled in Intune (reference 01, 3.6). */
@Controller({ host: graphHosts, path: bothVersions(managedDeviceResource) })
@UseFilters(new FaultFilter(graphDialect))
export class ManagedDevicesController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListManagedDevices')
  async list(): Promise<Reply> {
    return listManagedDevices(await openRequest(this.graph, permissions.managedDevicesRead));
  }

  @Get(':id')
  @Operation('graph', 'GetManagedDevice')
  async get(@Param('id') id: string): Promise<Reply> {
    return getManagedDevice(await openRequest(this.graph, permissions.managedDevicesRead), id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteManagedDevice')
  async remove(@Param('id') id: string): Promise<Reply> {
    return removeManagedDevice(await openRequest(this.graph, permissions.managedDevicesWrite), id);
  }

  @Post(':id/wipe')
  @Operation('graph', 'WipeManagedDevice')
  async wipe(@Param('id') id: string): Promise<Reply> {
    return actOnDevice(await this.operate(), id, 'wipe');
  }

  @Post(':id/retire')
  @Operation('graph', 'RetireManagedDevice')
  async retire(@Param('id') id: string): Promise<Reply> {
    return actOnDevice(await this.operate(), id, 'retire');
  }

  @Post(':id/rebootNow')
  @Operation('graph', 'RebootManagedDevice')
  async reboot(@Param('id') id: string): Promise<Reply> {
    return actOnDevice(await this.operate(), id, 'rebootNow');
  }

  @Post(':id/syncDevice')
  @Operation('graph', 'SyncManagedDevice')
  async sync(@Param('id') id: string): Promise<Reply> {
    return actOnDevice(await this.operate(), id, 'syncDevice');
  }

  private operate(): Promise<GraphRequest> {
    return openRequest(this.graph, permissions.managedDevicesOperate);
  }
}

/** One row for each deployment (reference 01, 3.6; 06 D-B35). */
@Controller({ host: graphHosts, path: `beta/${eventResource}` })
@UseFilters(new FaultFilter(graphDialect))
export class AutopilotEventsController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'ListAutopilotEvents')
  async list(): Promise<Reply> {
    return listEvents(await openRequest(this.graph, permissions.managedDevicesRead));
  }

  @Get(':id')
  @Operation('graph', 'GetAutopilotEvent')
  async get(@Param('id') id: string): Promise<Reply> {
    return getEvent(await openRequest(this.graph, permissions.managedDevicesRead), id);
  }
}
