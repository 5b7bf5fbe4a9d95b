import { Body, Controller, Headers, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { fleetPaths } from '@greenscreen/wire/fleet';
import { FLEET_HOST } from '../../hosts.js';
import { managementDialect } from '../../management/management.errors.js';
import { sessionOperation } from '../../management/session.operation.js';
import { MdmServices } from '../../mdm-services.js';
import { fleetMessageChecks } from './message.checks.js';

/** OMA-DM of a Fleet server: the same sessions, another way to know the device. */
@Controller({ host: FLEET_HOST })
@UseFilters(new FaultFilter(managementDialect))
export class FleetManagementController {
  constructor(private readonly mdm: MdmServices) {}

  @Post(fleetPaths.management)
  @HttpCode(200)
  @Operation('fleet', 'Session')
  session(
    @Body() body: Buffer,
    @Headers('content-type') contentType: string | undefined,
    @ClientCertificate() presented: PresentedCertificate | undefined,
  ): Promise<Reply> {
    return sessionOperation(this.mdm, { body, contentType, presented }, fleetMessageChecks);
  }
}
