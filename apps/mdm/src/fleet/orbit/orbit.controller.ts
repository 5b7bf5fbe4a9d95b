import { Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { fleetPaths } from '@greenscreen/wire/fleet';
import { FLEET_HOST } from '../../hosts.js';
import { MdmServices } from '../../mdm-services.js';
import { orbitDialect } from '../fleet.errors.js';
import { orbitConfigOperation } from './config.operation.js';
import { orbitEnrollOperation } from './enroll.operation.js';

/** The API of Fleet's agent on a host: it enrolls the host, and then asks every 30 seconds what there is to do. */
@Controller({ host: FLEET_HOST })
@UseFilters(new FaultFilter(orbitDialect))
export class OrbitController {
  constructor(private readonly mdm: MdmServices) {}

  @Post(fleetPaths.orbitEnroll)
  @HttpCode(200)
  @Operation('fleet', 'OrbitEnroll')
  enroll(@Body() body: Buffer): Promise<Reply> {
    return orbitEnrollOperation(this.mdm, body);
  }

  @Post(fleetPaths.orbitConfig)
  @HttpCode(200)
  @Operation('fleet', 'OrbitConfig')
  config(@Body() body: Buffer): Promise<Reply> {
    return orbitConfigOperation(this.mdm, body);
  }
}
