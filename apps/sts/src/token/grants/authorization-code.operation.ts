import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type EntraDevice } from '@greenscreen/model/directory';
import { type AuthorizationCode } from '@greenscreen/model/sts';
import { type DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../../sts-services.js';
import { userOfGrant } from '../../tenancy/password.js';
import { type ClientAuthentication } from '../../tokens/authentication.js';
import { findCode, redeemCode, requireVerifier } from '../../tokens/authorization-code.store.js';
import { deviceOfGrant } from '../../tokens/device-of-grant.js';
import { clientOf, requiredField, type TokenRequest, wantedOf } from '../token-request.js';
import { answerUserGrant } from '../user-grant.js';

class Redemption {
  code: AuthorizationCode;
  tenant: Tenant;
  client: ClientAuthentication;
  user: DirectoryUser;
  device: EntraDevice | undefined;
  now: Date;

  constructor(
    readonly sts: StsServices,
    readonly request: TokenRequest,
  ) {}
}

async function codeIsKnown(state: Redemption): Promise<void> {
  state.code = await findCode(state.sts.em, requiredField(state.request, 'code'));
  state.tenant = await state.sts.em.findOneByOrFail(Tenant, { id: state.code.tenantId });
}

function tenantIsTheCodes({ request, tenant }: Redemption): void {
  if (request.segment.tenant && request.segment.tenant.id !== tenant.id) throw new Fault('sts.700005');
  currentExchange().tenantId = tenant.id;
}

async function clientIsTheCodes(state: Redemption): Promise<void> {
  state.client = await clientOf(state.sts, state.request, state.tenant);
  if (state.client.client.clientId !== state.code.clientId) throw new Fault('sts.70000');
}

function redirectUriIsTheCodes({ request, code }: Redemption): void {
  const given = request.form.get('redirect_uri');
  if (given !== undefined && given !== code.redirectUri) throw new Fault('sts.50011', { redirectUri: given, clientId: code.clientId });
}

async function codeIsFresh(state: Redemption): Promise<void> {
  state.now = await state.sts.clock.now(state.tenant.id);
  if (state.code.redeemedAt !== null) throw new Fault('sts.54005');
  if (state.now >= state.code.expiresAt) throw new Fault('sts.70008');
}

function verifierFitsTheChallenge({ request, code }: Redemption): void {
  requireVerifier(code, request.form.get('code_verifier'));
}

async function userMaySignIn(state: Redemption): Promise<void> {
  state.user = await userOfGrant(state.sts.em, state.code.userId);
  Object.assign(state.request.signIn, { userId: state.user.id, upn: state.user.upn });
  state.device = await deviceOfGrant(state.sts.em, state.code.deviceObjectId);
  if (state.device) state.request.signIn.deviceId = state.device.deviceId;
}

const checks = [
  codeIsKnown,
  tenantIsTheCodes,
  clientIsTheCodes,
  redirectUriIsTheCodes,
  codeIsFresh,
  verifierFitsTheChallenge,
  userMaySignIn,
];

/** `grant_type=authorization_code` (reference 02, 4.1 and 4.4). */
export async function authorizationCodeGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const state = new Redemption(sts, request);
  await runChecks(state, checks);
  const { code, tenant, user, device, client, now } = state;
  const wanted = await wantedOf(sts, request, client, tenant, { resource: code.resource, scope: code.scope });
  const authentication = { tenant, user, amr: code.amr, authenticatedAt: code.authenticatedAt, ...(device ? { device } : {}) };
  return sts.transaction(async (em) => {
    await redeemCode(em, code, now);
    return answerUserGrant(sts, em, request, { authentication, client, wanted, nonce: code.nonce ?? undefined, now });
  });
}
