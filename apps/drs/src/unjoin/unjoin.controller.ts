import { Controller, Delete, Param, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { unjoinOperation } from './unjoin.operation.js';

@Controller({ host: DRS_HOST, path: 'EnrollmentServer/device' })
@UseFilters(new FaultFilter(drsDialect))
export class UnjoinController {
  constructor(private readonly drs: DrsServices) {}

  /** Neither token nor body; `api-version` may be missing (reference 02, 13.2 [client]). */
  @Delete(':deviceId')
  @Operation('drs', 'Unjoin')
  unjoin(@Param('deviceId') deviceId: string, @ClientCertificate() presented: PresentedCertificate | undefined): Promise<Reply> {
    return unjoinOperation(this.drs, { presented, deviceId });
  }
}
