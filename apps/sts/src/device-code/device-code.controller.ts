import { Body, Controller, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { StsServices } from '../sts-services.js';
import { deviceCodeOperation } from './device-code.operation.js';

@Controller({ host: stsHosts, path: ':tenant/oauth2' })
@UseFilters(new FaultFilter(stsDialect))
export class DeviceCodeController {
  constructor(private readonly sts: StsServices) {}

  @Post('devicecode')
  @Operation('sts', 'DeviceCode')
  deviceCodeV1(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return deviceCodeOperation(this.sts, 1, tenant, body);
  }

  @Post('v2.0/devicecode')
  @Operation('sts', 'DeviceCode')
  deviceCodeV2(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return deviceCodeOperation(this.sts, 2, tenant, body);
  }
}
