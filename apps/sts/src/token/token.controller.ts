import { All, Body, Controller, HttpCode, Param, Post, Req, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type Request } from 'express';
import { stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { StsServices } from '../sts-services.js';
import { tokenOperation } from './token.operation.js';

@Controller({ host: stsHosts, path: ':tenant/oauth2' })
@UseFilters(new FaultFilter(stsDialect))
export class TokenController {
  constructor(private readonly sts: StsServices) {}

  @Post('token')
  @Operation('sts', 'Token')
  tokenV1(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return tokenOperation(this.sts, 1, tenant, body);
  }

  @Post('v2.0/token')
  @Operation('sts', 'Token')
  tokenV2(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return tokenOperation(this.sts, 2, tenant, body);
  }

  /** Anything but POST (reference 02, section 4). */
  @All(['token', 'v2.0/token'])
  @HttpCode(400)
  @Operation('sts', 'Token')
  wrongMethod(@Req() request: Request): Reply {
    throw new Fault('sts.900561', { method: request.method });
  }
}
