import { Body, Controller, Get, HttpCode, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { fleetPaths } from '@greenscreen/wire/fleet';
import { one, type QueryParameters } from '../enrollment/portal/query.js';
import { FLEET_HOST } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { fleetDiscoverOperation } from './discovery/discover.operation.js';
import { fleetEnrollOperation } from './enroll/enroll.operation.js';
import { fleetDialect } from './fleet.errors.js';
import { fleetAuth } from './pages/auth.operation.js';
import { fleetTerms } from './pages/terms.operation.js';
import { fleetGetPoliciesOperation } from './policy/get-policies.operation.js';

/** Enrollment at a Fleet server: the protocols of MS-MDE2 on addresses of its own (reference 04, section 8). */
@Controller({ host: FLEET_HOST })
@UseFilters(new FaultFilter(fleetDialect))
export class FleetController {
  constructor(private readonly mdm: MdmServices) {}

  @Get(fleetPaths.discovery)
  @Operation('fleet', 'Probe')
  probe(): Reply {
    return reply(200, 'text/html');
  }

  @Post(fleetPaths.discovery)
  @HttpCode(200)
  @Operation('fleet', 'Discover')
  discover(@Body() body: Buffer): Promise<Reply> {
    return fleetDiscoverOperation(this.mdm, body);
  }

  @Post(fleetPaths.policy)
  @HttpCode(200)
  @Operation('fleet', 'GetPolicies')
  policies(@Body() body: Buffer): Promise<Reply> {
    return fleetGetPoliciesOperation(this.mdm, body);
  }

  @Post(fleetPaths.enroll)
  @HttpCode(200)
  @Operation('fleet', 'RST')
  enroll(@Body() body: Buffer): Promise<Reply> {
    return fleetEnrollOperation(this.mdm, body);
  }

  @Get(fleetPaths.auth)
  @Operation('fleet', 'Auth')
  auth(@Query() query: QueryParameters): Promise<Reply> {
    return fleetAuth(this.mdm, { appru: one(query, 'appru'), loginHint: one(query, 'login_hint') });
  }

  @Get(fleetPaths.terms)
  @Operation('fleet', 'Tou')
  terms(@Query() query: QueryParameters): Reply {
    return fleetTerms({ redirectUri: one(query, 'redirect_uri'), clientRequestId: one(query, 'client-request-id') });
  }
}
