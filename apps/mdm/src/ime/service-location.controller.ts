import { Controller, Get, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { encodeServiceAddresses, SERVICE_ADDRESSES_PATH, SIDECAR_SERVICE } from '@greenscreen/wire/ime';
import { IME_GATEWAY_URL, IME_LOCATION_HOST } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { agentOf } from './agent.js';
import { imeDialect } from './ime.errors.js';

/** Where the management extension finds its services. */
@Controller({ host: IME_LOCATION_HOST })
@UseFilters(new FaultFilter(imeDialect))
export class ServiceLocationController {
  constructor(private readonly mdm: MdmServices) {}

  @Get(SERVICE_ADDRESSES_PATH)
  @Operation('ime', 'ServiceAddresses')
  async addresses(@ClientCertificate() presented: PresentedCertificate | undefined): Promise<Reply> {
    await agentOf(this.mdm, presented);
    const services = [{ serviceName: SIDECAR_SERVICE, url: IME_GATEWAY_URL }];
    return reply(200, 'application/json; charset=utf-8', encodeServiceAddresses(services));
  }
}
