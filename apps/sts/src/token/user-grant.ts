import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type EntraDevice } from '@greenscreen/model/directory';
import { switchOf } from '@greenscreen/model/tenancy';
import { encodeTokenResponseV1, encodeTokenResponseV2, type ResourceName } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type ClientAuthentication, type UserAuthentication } from '../tokens/authentication.js';
import { issueUserTokens } from '../tokens/token-answer.js';
import { type TokenRequest, type Wanted } from './token-request.js';

export interface UserGrantAnswer {
  readonly authentication: UserAuthentication;
  readonly client: ClientAuthentication;
  readonly wanted: Wanted;
  readonly nonce?: string | undefined;
  /** v2 answers carry a refresh token when `offline_access` was granted, now or earlier. */
  readonly offlineAccess?: boolean;
  readonly now: Date;
}

/** Resources that people need to get a device at all. */
const DEVICELESS = new Set<ResourceName | undefined>(['deviceRegistration', 'enrollment']);

/** The tenant's switch `sts.requireDevice`: a user's tokens only where a registered device took part, as Conditional Access asks for (AADSTS50097). */
function requireDevice({ tenant, device }: UserAuthentication, { resource }: Wanted): void {
  if (device || !switchOf(tenant, 'sts.requireDevice', false)) return;
  if (resource && !DEVICELESS.has(resource.name)) throw new Fault('sts.50097');
}

function withProvenDevice(authentication: UserAuthentication, device: EntraDevice | undefined): UserAuthentication {
  if (!device) return authentication;
  if (device.tenantId !== authentication.tenant.id) throw new Fault('sts.50155');
  return { ...authentication, device, amr: [...new Set([...authentication.amr, 'rsa'])] };
}

/** The tokens that any user grant ends with. v1 always gives ID and refresh token, v2 when they were asked for (reference 02, 4.4). */
export async function answerUserGrant(sts: StsServices, em: EntityManager, request: TokenRequest, answer: UserGrantAnswer): Promise<Reply> {
  const { client, wanted, now } = answer;
  const authentication = withProvenDevice(answer.authentication, request.device);
  requireDevice(authentication, wanted);
  const v1 = request.version === 1;
  const tokens = await issueUserTokens(sts, em, {
    authentication,
    client,
    resource: wanted.resource,
    scope: wanted.scope,
    version: request.version,
    idToken: v1 || wanted.scope.openid,
    refreshToken: v1 || wanted.scope.offlineAccess || (answer.offlineAccess ?? false),
    nonce: answer.nonce,
    clientInfo: request.form.get('client_info') === '1',
    now,
  });
  return stsJson(200, v1 ? encodeTokenResponseV1(tokens) : encodeTokenResponseV2(tokens));
}
