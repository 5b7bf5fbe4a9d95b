import { Body, Controller, Get, Param, Post, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { stsHosts } from '../hosts.js';
import { StsServices } from '../sts-services.js';
import { authorizeOperation } from './authorize.operation.js';
import { loginOperation } from '../sign-in/login.operation.js';
import { logoutOperation } from './logout.operation.js';
import { pageDialect } from './page-dialect.js';

const queryOf = (): string => currentExchange().path.split(/\?(.*)/s)[1] ?? '';

/** Interactive sign-in (reference 02, section 3). */
@Controller({ host: stsHosts, path: ':tenant' })
@UseFilters(new FaultFilter(pageDialect))
export class AuthorizeController {
  constructor(private readonly sts: StsServices) {}

  @Get('oauth2/authorize')
  @Operation('sts', 'Authorize')
  authorizeV1(@Param('tenant') tenant: string): Promise<Reply> {
    return authorizeOperation(this.sts, 1, tenant, queryOf());
  }

  @Post('oauth2/authorize')
  @Operation('sts', 'Authorize')
  authorizeV1Posted(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return authorizeOperation(this.sts, 1, tenant, body);
  }

  @Get('oauth2/v2.0/authorize')
  @Operation('sts', 'Authorize')
  authorizeV2(@Param('tenant') tenant: string): Promise<Reply> {
    return authorizeOperation(this.sts, 2, tenant, queryOf());
  }

  @Post('oauth2/v2.0/authorize')
  @Operation('sts', 'Authorize')
  authorizeV2Posted(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return authorizeOperation(this.sts, 2, tenant, body);
  }

  @Get(['oauth2/logout', 'oauth2/v2.0/logout'])
  @Operation('sts', 'Logout')
  logout(@Param('tenant') tenant: string): Promise<Reply> {
    return logoutOperation(this.sts, tenant, queryOf());
  }

  @Post(['oauth2/logout', 'oauth2/v2.0/logout'])
  @Operation('sts', 'Logout')
  logoutPosted(@Param('tenant') tenant: string, @Body() body: Buffer): Promise<Reply> {
    return logoutOperation(this.sts, tenant, body);
  }

  @Post('login')
  @Operation('sts', 'Login')
  login(@Body() body: Buffer): Promise<Reply> {
    return loginOperation(this.sts, body);
  }
}
