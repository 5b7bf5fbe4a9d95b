import { Body, Controller, Headers, Param, Post, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { precreateOperation } from './precreate.operation.js';

@Controller({ host: DRS_HOST, path: 'EnrollmentServer/device/precreate' })
@UseFilters(new FaultFilter(drsDialect))
export class PrecreateController {
  constructor(private readonly drs: DrsServices) {}

  @Post(':tenant')
  @Operation('drs', 'Precreate')
  precreate(
    @Param('tenant') segment: string,
    @Headers('authorization') authorization: string | undefined,
    @Body() body: Buffer,
  ): Promise<Reply> {
    return precreateOperation(this.drs, segment, { authorization, path: currentExchange().path, body });
  }
}
