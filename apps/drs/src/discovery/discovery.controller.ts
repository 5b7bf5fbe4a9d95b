import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { discoveryVersions } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { DrsServices } from '../drs-services.js';
import { drsDialect } from '../drs-dialect.js';
import { discoveryHosts } from '../hosts.js';
import { discoverOperation } from './discover.operation.js';

/** Anonymous discovery (reference 02, 9.1). */
@Controller({ host: discoveryHosts })
@UseFilters(new FaultFilter(drsDialect))
export class DiscoveryController {
  constructor(private readonly drs: DrsServices) {}

  @Get(':tenant/discover')
  @Operation('drs', 'Discover')
  discover(@Param('tenant') segment: string): Promise<Reply> {
    return discoverOperation(this.drs, segment, requireApiVersion(currentExchange().path, discoveryVersions));
  }
}
