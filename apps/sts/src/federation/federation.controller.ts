import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { pageDialect } from '../authorize/page-dialect.js';
import { stsHosts } from '../hosts.js';
import { StsServices } from '../sts-services.js';
import { federatedLoginOperation } from './federated-login.operation.js';

/** Where identity providers of federated domains send browsers back to [doc: AD FS relying party of Microsoft 365]. */
@Controller({ host: stsHosts, path: 'login.srf' })
@UseFilters(new FaultFilter(pageDialect))
export class FederationController {
  constructor(private readonly sts: StsServices) {}

  @Post()
  @Operation('sts', 'FederatedLogin')
  login(@Body() body: Buffer): Promise<Reply> {
    return federatedLoginOperation(this.sts, body);
  }
}
