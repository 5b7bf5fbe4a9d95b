import { Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { msaHosts } from '../hosts.js';
import { ZtdServices } from '../ztd-services.js';
import { issueTokenOperation } from './issue-token.operation.js';
import { tokenDialect } from './msa-dialects.js';

@Controller({ host: msaHosts, path: 'RST2.srf' })
@UseFilters(new FaultFilter(tokenDialect))
export class TokenController {
  constructor(private readonly ztd: ZtdServices) {}

  @Post()
  @HttpCode(200)
  @Operation('msa', 'DeviceTicket')
  issue(@Body() body: Buffer): Promise<Reply> {
    return issueTokenOperation(this.ztd, body);
  }
}
