import { Body, Controller, Get, Headers, Post, Query, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { PORTAL_HOST } from '../../hosts.js';
import { MdmServices } from '../../mdm-services.js';
import { enrollmentDialect } from '../enrollment-dialect.js';
import { one, type QueryParameters } from './query.js';
import { termsOfUse } from './terms-of-use.operation.js';
import { webSignIn, webSignInPage } from './web-sign-in.operation.js';

const signInQuery = (query: QueryParameters) => ({ appru: one(query, 'appru'), loginHint: one(query, 'login_hint') });

/** Pages that a browser in Windows shows during a user-driven enrollment. */
@Controller({ host: PORTAL_HOST })
@UseFilters(new FaultFilter(enrollmentDialect))
export class PortalController {
  constructor(private readonly mdm: MdmServices) {}

  @Get('EnrollmentServer/Auth')
  @Operation('mdm-discovery', 'Auth')
  signInPage(@Query() query: QueryParameters): Reply {
    return webSignInPage(signInQuery(query));
  }

  @Post('EnrollmentServer/Auth')
  @Operation('mdm-discovery', 'Auth')
  signIn(@Query() query: QueryParameters, @Body() body: Buffer): Promise<Reply> {
    return webSignIn(this.mdm, signInQuery(query), body);
  }

  @Get('TermsofUse.aspx')
  @Operation('mdm-discovery', 'Tou')
  terms(@Query() query: QueryParameters, @Headers('authorization') authorization: string | undefined): Promise<Reply> {
    return termsOfUse(this.mdm, { apiVersion: one(query, 'api-version'), redirectUri: one(query, 'redirect_uri'), authorization });
  }
}
