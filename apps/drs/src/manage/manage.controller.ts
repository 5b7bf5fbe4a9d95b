import { Controller, Get, Headers, Param, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { mdmListOperation } from './mdm-list.operation.js';

@Controller({ host: DRS_HOST, path: 'manage' })
@UseFilters(new FaultFilter(drsDialect))
export class ManageController {
  constructor(private readonly drs: DrsServices) {}

  @Get(':tenant')
  @Operation('drs', 'MdmList')
  mdmList(@Param('tenant') segment: string, @Headers('authorization') authorization: string | undefined): Promise<Reply> {
    return mdmListOperation(this.drs, segment, authorization);
  }
}
