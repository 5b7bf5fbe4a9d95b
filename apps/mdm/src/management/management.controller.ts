import { All, Body, Controller, Headers, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { MANAGEMENT_HOST } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { managementDialect } from './management.errors.js';
import { sessionOperation } from './session.operation.js';

/** OMA-DM. `mode` and `Platform` of the query are the client's business (reference 04, 4.1). */
@Controller({ host: MANAGEMENT_HOST, path: 'devicegatewayproxy/cimhandler.ashx' })
@UseFilters(new FaultFilter(managementDialect))
export class ManagementController {
  constructor(private readonly mdm: MdmServices) {}

  @Post()
  @HttpCode(200)
  @Operation('omadm', 'Session')
  session(
    @Body() body: Buffer,
    @Headers('content-type') contentType: string | undefined,
    @ClientCertificate() presented: PresentedCertificate | undefined,
  ): Promise<Reply> {
    return sessionOperation(this.mdm, { body, contentType, presented });
  }

  @All()
  @Operation('omadm', 'Session')
  otherwise(): Reply {
    throw new Fault('omadm.MethodNotAllowed');
  }
}
