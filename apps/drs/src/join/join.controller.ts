import { Body, Controller, Headers, Param, Post, Put, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { hybridJoinOperation } from '../hybrid/hybrid-join.operation.js';
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

  @Put(':deviceId')
  @Operation('drs', 'HybridJoin')
  hybridJoin(@Param('deviceId') deviceId: string, @Body() body: Buffer): Promise<Reply> {
    return hybridJoinOperation(this.drs, { authorization: undefined, path: currentExchange().path, body }, deviceId);
  }
}
