import { Body, Controller, HttpCode, Param, Put, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { IME_GATEWAY_HOST, IME_GATEWAY_PATH } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { gatewaySessionOperation } from './gateway-session.operation.js';
import { imeDialect } from './ime.errors.js';

/** What the management extension asks for, one question a session. */
@Controller({ host: IME_GATEWAY_HOST, path: IME_GATEWAY_PATH })
@UseFilters(new FaultFilter(imeDialect))
export class ImeGatewayController {
  constructor(private readonly mdm: MdmServices) {}

  /** `SideCarGatewaySessions('<guid>')?api-version=1.5` */
  @Put(':session')
  @HttpCode(200)
  @Operation('ime', 'ImeSession')
  session(
    @Param('session') segment: string,
    @Body() body: Buffer,
    @ClientCertificate() presented: PresentedCertificate | undefined,
  ): Promise<Reply> {
    return gatewaySessionOperation(this.mdm, { segment, body, presented });
  }
}
