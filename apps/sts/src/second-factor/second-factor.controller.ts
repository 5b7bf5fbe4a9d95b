import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { pageDialect } from '../authorize/page-dialect.js';
import { stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { StsServices } from '../sts-services.js';
import { beginAuthOperation, endAuthOperation, processAuthOperation } from './second-factor.operations.js';

/** What a second-factor page calls (reference 02, 3.2 [client]). */
@Controller({ host: stsHosts, path: ':tenant/SAS' })
export class SecondFactorController {
  constructor(private readonly sts: StsServices) {}

  @Post('BeginAuth')
  @Operation('sts', 'BeginAuth')
  @UseFilters(new FaultFilter(stsDialect))
  begin(@Body() body: Buffer): Promise<Reply> {
    return beginAuthOperation(this.sts, body);
  }

  @Post('EndAuth')
  @Operation('sts', 'EndAuth')
  @UseFilters(new FaultFilter(stsDialect))
  end(@Body() body: Buffer): Promise<Reply> {
    return endAuthOperation(this.sts, body);
  }

  @Post('ProcessAuth')
  @Operation('sts', 'ProcessAuth')
  @UseFilters(new FaultFilter(pageDialect))
  process(@Body() body: Buffer): Promise<Reply> {
    return processAuthOperation(this.sts, body);
  }
}
