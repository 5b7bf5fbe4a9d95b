import { Body, Controller, Headers, Post, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { joinOperation } from './join.operation.js';

@Controller({ host: DRS_HOST, path: 'EnrollmentServer/device' })
@UseFilters(new FaultFilter(drsDialect))
export class JoinController {
  constructor(private readonly drs: DrsServices) {}

  @Post()
  @Operation('drs', 'Join')
  join(@Headers('authorization') authorization: string | undefined, @Body() body: Buffer): Promise<Reply> {
    return joinOperation(this.drs, { authorization, path: currentExchange().path, body });
  }
}
