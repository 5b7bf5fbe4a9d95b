import { Body, Controller, Get, Param, Post, Query, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { z } from 'zod';
import { stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { stsJson } from '../sts-reply.js';
import { StsServices } from '../sts-services.js';
import { credentialType } from './credential-type.js';
import { encodeRealmSrf, encodeRealmV1, encodeRealmV2, type Realm, realmOf } from './user-realm.js';

const credentialRequest = z.object({ username: z.string(), flowToken: z.string().nullish() });

/** Which kind of account a sign-in name is (reference 02, 2.5 and 2.7). */
@Controller({ host: stsHosts })
@UseFilters(new FaultFilter(stsDialect))
export class RealmController {
  constructor(private readonly sts: StsServices) {}

  @Get(':tenant/userrealm/:upn')
  @Operation('sts', 'UserRealm')
  async userRealm(@Param('upn') upn: string, @Query('api-version') version: string | undefined): Promise<Reply> {
    const realm = await this.realm(upn);
    const wanted = (version ?? '1.0').trim();
    return stsJson(200, wanted.startsWith('2') ? encodeRealmV2(realm, wanted) : encodeRealmV1(realm));
  }

  /** v2.1 clients put the name into the query. */
  @Get([':tenant/userrealm', 'GetUserRealm.srf'])
  @Operation('sts', 'UserRealm')
  async userRealmByQuery(
    @Query('login') login: string | undefined,
    @Query('user') user: string | undefined,
    @Query('api-version') version: string | undefined,
  ): Promise<Reply> {
    const realm = await this.realm(login ?? user ?? '');
    if (/^\/GetUserRealm\.srf/i.test(currentExchange().path)) return stsJson(200, encodeRealmSrf(realm));
    const wanted = (version ?? '1.0').trim();
    return stsJson(200, wanted.startsWith('2') ? encodeRealmV2(realm, wanted) : encodeRealmV1(realm));
  }

  @Post(':tenant/GetCredentialType')
  @Operation('sts', 'GetCredentialType')
  async credentialType(@Body() body: Buffer): Promise<Reply> {
    const { username, flowToken } = decodeCredentialRequest(body);
    const realm = await realmOf(this.sts.em, username);
    if (realm.tenant) currentExchange().tenantId = realm.tenant.id;
    return stsJson(200, await credentialType(this.sts.em, realm, flowToken ?? '', this.sts.random.token(24)));
  }

  /** A name without `@` is a malformed request [our choice]; Windows reports 0xc004844c. */
  private async realm(login: string): Promise<Realm> {
    await this.sts.clock.now();
    if (!login.includes('@')) throw new Fault('sts.90023');
    const realm = await realmOf(this.sts.em, login.trim());
    if (realm.tenant) currentExchange().tenantId = realm.tenant.id;
    return realm;
  }
}

function decodeCredentialRequest(body: Buffer): z.infer<typeof credentialRequest> {
  try {
    return credentialRequest.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new Fault('sts.90023', {}, { cause: error });
  }
}
