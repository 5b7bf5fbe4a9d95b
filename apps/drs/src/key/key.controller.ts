import { Body, Controller, Headers, Post, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { registerKeyOperation } from './register-key.operation.js';

@Controller({ host: DRS_HOST, path: 'EnrollmentServer/key' })
@UseFilters(new FaultFilter(drsDialect))
export class KeyController {
  constructor(private readonly drs: DrsServices) {}

  @Post()
  @Operation('drs', 'KeyProvision')
  register(
    @Headers('authorization') authorization: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Body() body: Buffer,
  ): Promise<Reply> {
    return registerKeyOperation(this.drs, { authorization, accept, path: currentExchange().path, body });
  }
}
