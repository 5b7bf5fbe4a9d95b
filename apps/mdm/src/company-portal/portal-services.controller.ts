import { Controller, Get, Headers, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ENROLLMENT_HOST, IW_SERVICE_PATH, TOKEN_RENEWAL_PATH } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { deviceStateOperation } from './device-state.operation.js';
import { listDevicesOperation } from './list-devices.operation.js';
import { portalDialect } from './portal.errors.js';
import { renewTokenOperation } from './renew-token.operation.js';
import { retireDeviceOperation } from './retire-device.operation.js';

const ADDRESS = `https://${ENROLLMENT_HOST}/${IW_SERVICE_PATH}`;
const DEVICE = /^Devices\(guid'([^']*)'\)$/i;

/** What the Company Portal and its like talk to: Graph says where these are. API versions and the rest of the queries are not looked at. */
@Controller({ host: ENROLLMENT_HOST })
@UseFilters(new FaultFilter(portalDialect))
export class PortalServicesController {
  constructor(private readonly mdm: MdmServices) {}

  @Get(TOKEN_RENEWAL_PATH)
  @Operation('portal', 'RenewToken')
  renewToken(@Headers('authorization') authorization: string | undefined): Promise<Reply> {
    return renewTokenOperation(this.mdm, authorization);
  }

  @Get(`${IW_SERVICE_PATH}/Devices`)
  @Operation('portal', 'ListDevices')
  devices(@Headers('authorization') authorization: string | undefined): Promise<Reply> {
    return listDevicesOperation(this.mdm, authorization, ADDRESS);
  }

  @Get(`${IW_SERVICE_PATH}/:device`)
  @Operation('portal', 'DeviceState')
  device(@Headers('authorization') authorization: string | undefined, @Param('device') device: string): Promise<Reply> {
    return deviceStateOperation(this.mdm, authorization, idOf(device), ADDRESS);
  }

  @Post(`${IW_SERVICE_PATH}/:device/Retire`)
  @Operation('portal', 'Retire')
  retire(@Headers('authorization') authorization: string | undefined, @Param('device') device: string): Promise<Reply> {
    return retireDeviceOperation(this.mdm, authorization, idOf(device));
  }
}

/** The id in OData's address of a device. */
function idOf(device: string): string {
  const id = DEVICE.exec(device)?.[1];
  if (id === undefined) throw new Fault('portal.NotFound');
  return id;
}
