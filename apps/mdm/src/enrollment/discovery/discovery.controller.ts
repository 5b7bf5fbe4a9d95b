import { Body, Controller, Get, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { discoveryHosts } from '../../hosts.js';
import { MdmServices } from '../../mdm-services.js';
import { enrollmentDialect } from '../enrollment-dialect.js';
import { discoverOperation } from './discover.operation.js';

@Controller({ host: discoveryHosts, path: 'EnrollmentServer/Discovery.svc' })
@UseFilters(new FaultFilter(enrollmentDialect))
export class DiscoveryController {
  constructor(private readonly mdm: MdmServices) {}

  /** Windows asks whether anybody is there; any 200 will do (reference 04, 1.1). */
  @Get()
  @Operation('mdm-discovery', 'Probe')
  probe(): Reply {
    return reply(200, 'text/html');
  }

  @Post()
  @HttpCode(200)
  @Operation('mdm-discovery', 'Discover')
  discover(@Body() body: Buffer): Promise<Reply> {
    return discoverOperation(this.mdm, body);
  }
}
