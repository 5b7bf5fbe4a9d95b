import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { Tenant } from '@greenscreen/model/tenancy';
import { encodeTokenResponseV1, encodeTokenResponseV2 } from '@greenscreen/wire/oauth';
import { appTokenClaims } from '../../claims/app-token.js';
import { LIFETIME, tokenTimes } from '../../claims/common-claims.js';
import { stsJson } from '../../sts-reply.js';
import { type StsServices } from '../../sts-services.js';
import { signClaims } from '../../tokens/token-signer.js';
import { clientOf, type TokenRequest, wantedOf } from '../token-request.js';

/** `grant_type=client_credentials` (reference 02, 4.1 and 5.6): a v2 scope has to be `<resource>/.default`. */
export async function clientCredentialsGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const authenticated = await clientOf(sts, request, request.segment.tenant);
  const { appidacr } = authenticated;
  const { application } = authenticated.client;
  if (!application || appidacr === '0') throw new Fault('sts.7000218');
  currentExchange().tenantId = application.tenantId;
  const { resource, scope } = await wantedOf(sts, request, authenticated, request.segment.tenant);
  if (!resource) throw new Fault('sts.90014', { field: request.version === 1 ? 'resource' : 'scope' });
  if (scope.permissions.length > 0) throw new Fault('sts.70011', { scope: request.form.get('scope') });
  const now = await sts.clock.now(application.tenantId);
  const { exp, nbf } = tokenTimes(now);
  const tenant = request.segment.tenant ?? (await sts.em.findOneByOrFail(Tenant, { id: application.tenantId }));
  const accessToken = await signClaims(sts.authorities, tenant, appTokenClaims(application, appidacr, resource, now, sts.random));
  const tokens = { expiresIn: LIFETIME - 1, expiresOn: exp, notBefore: nbf, resource: resource.audience, accessToken };
  return stsJson(200, request.version === 1 ? encodeTokenResponseV1(tokens) : encodeTokenResponseV2(tokens));
}
