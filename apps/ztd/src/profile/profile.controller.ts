import { All, Body, Controller, Get, HttpCode, Patch, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ztdPaths } from '@greenscreen/wire/ztd';
import { ztdHosts } from '../hosts.js';
import { ZtdServices } from '../ztd-services.js';
import { getProfileOperation } from './get-profile.operation.js';
import { markRemediationOperation } from './mark-remediation.operation.js';
import { ZtdFaultFilter } from './ztd-fault.filter.js';

@Controller({ host: ztdHosts })
@UseFilters(ZtdFaultFilter)
export class ProfileController {
  constructor(private readonly ztd: ZtdServices) {}

  @Get(ztdPaths.profile)
  @Operation('ztd', 'GetProfile')
  profile(): Promise<Reply> {
    return getProfileOperation(this.ztd);
  }

  @Patch(ztdPaths.remediation)
  @HttpCode(200)
  @Operation('ztd', 'MarkRemediation')
  remediation(@Body() body: Buffer): Promise<Reply> {
    return markRemediationOperation(this.ztd, body);
  }

  /** Both calls have one method (06, D-A60). */
  @All([ztdPaths.profile, ztdPaths.remediation])
  @Operation('ztd', 'Probe')
  otherMethods(): Promise<Reply> {
    return this.refuse('ztd.405');
  }

  /** Diagnostics take any answer as reachable (reference 01, 5.1). */
  @All(['', '*path'])
  @Operation('ztd', 'Probe')
  anythingElse(): Promise<Reply> {
    return this.refuse('ztd.404');
  }

  private async refuse(code: string): Promise<Reply> {
    await this.ztd.clock.now();
    throw new Fault(code);
  }
}
