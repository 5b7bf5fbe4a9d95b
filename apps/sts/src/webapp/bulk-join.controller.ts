import { Body, Controller, Get, Headers, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { StsServices } from '../sts-services.js';
import { beginBulkJoinOperation, pollBulkJoinOperation } from './bulk-join.operations.js';

/** Bulk join packages (reference 02, 8.4 [client: Gerenios/AADInternals]). */
@Controller({ host: stsHosts, path: 'webapp/bulkaadjtoken' })
@UseFilters(new FaultFilter(stsDialect))
export class BulkJoinController {
  constructor(private readonly sts: StsServices) {}

  @Post('begin')
  @Operation('sts', 'BulkJoinBegin')
  begin(@Headers('authorization') authorization: string | undefined, @Body() body: Buffer): Promise<Reply> {
    return beginBulkJoinOperation(this.sts, authorization, body);
  }

  @Get('poll')
  @Operation('sts', 'BulkJoinPoll')
  poll(@Query('flowToken') flowToken: string | undefined): Promise<Reply> {
    return pollBulkJoinOperation(this.sts, flowToken);
  }
}
