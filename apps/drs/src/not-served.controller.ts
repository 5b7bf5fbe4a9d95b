import { All, Controller, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from './drs-dialect.js';
import { DrsServices } from './drs-services.js';
import { DRS_HOST } from './hosts.js';

/** Addresses of discovery that nobody has described: recovery, WebAuthn, password policy, Windows 8.1's SOAP (reference 02, 13.5). */
@Controller({ host: DRS_HOST })
@UseFilters(new FaultFilter(drsDialect))
export class NotServedController {
  constructor(private readonly drs: DrsServices) {}

  @All('*path')
  @Operation('drs', 'NotServed')
  async notServed(): Promise<Reply> {
    await this.drs.clock.now();
    throw new Fault('drs.NotServed');
  }
}
