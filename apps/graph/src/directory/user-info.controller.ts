import { Controller, Get, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { GraphServices } from '../graph-services.js';
import { graphJson } from '../graph-reply.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { permissions } from '../request/permissions.js';

/** `userinfo_endpoint` of the v2 metadata (reference 02, 2.2): OpenID Connect Core 5.3, so with GET and with POST. */
@Controller({ host: graphHosts, path: 'oidc/userinfo' })
@UseFilters(new FaultFilter(graphDialect))
export class UserInfoController {
  constructor(private readonly graph: GraphServices) {}

  @Get()
  @Operation('graph', 'UserInfo')
  read(): Promise<Reply> {
    return this.userInfo();
  }

  @Post()
  @Operation('graph', 'UserInfo')
  readPosted(): Promise<Reply> {
    return this.userInfo();
  }

  /** `sub` is the token's, so that it is the ID token's of the same client. */
  private async userInfo(): Promise<Reply> {
    const { claims, tenant, graph } = await openRequest(this.graph, permissions.anyone);
    const user = claims.kind === 'user' && (await graph.em.findOneBy(DirectoryUser, { id: claims.oid ?? '', tenantId: tenant.id }));
    if (!user || claims.sub === undefined) throw new Fault('graph.Forbidden', { scopes: 'openid' });
    const { displayName, givenName, surname, upn } = user;
    return graphJson(200, {
      sub: claims.sub,
      name: displayName,
      family_name: surname,
      given_name: givenName,
      picture: 'https://graph.microsoft.com/v1.0/me/photo/$value',
      email: upn,
    });
  }
}
