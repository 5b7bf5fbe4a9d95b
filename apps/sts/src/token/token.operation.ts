import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { announcesPKeyAuth, decodeForm, encodePKeyAuthHeader, type Form, grantTypes } from '@greenscreen/wire/oauth';
import { pkeyAuth, pkeyAuthChallenge } from '../pkeyauth/pkeyauth.js';
import { jwtBearerGrant } from '../signed/jwt-bearer.operation.js';
import { oauthErrorOf, stsFaults } from '../sts.errors.js';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { resolveSegment } from '../tenancy/tenant-segment.js';
import { recordSignIn, type SignIn } from '../tokens/sign-in-log.js';
import { authorizationCodeGrant } from './grants/authorization-code.operation.js';
import { clientCredentialsGrant } from './grants/client-credentials.operation.js';
import { deviceCodeGrant } from './grants/device-code.operation.js';
import { passwordGrant } from './grants/password.operation.js';
import { refreshTokenGrant } from './grants/refresh-token.operation.js';
import { samlBearerGrant } from './grants/saml-bearer.operation.js';
import { srvChallenge } from './grants/srv-challenge.operation.js';
import { type TokenRequest } from './token-request.js';

type Grant = (sts: StsServices, request: TokenRequest) => Promise<Reply>;

const grants: ReadonlyMap<string, Grant> = new Map([
  [grantTypes.password, passwordGrant],
  [grantTypes.authorizationCode, authorizationCodeGrant],
  [grantTypes.refreshToken, refreshTokenGrant],
  [grantTypes.clientCredentials, clientCredentialsGrant],
  [grantTypes.jwtBearer, jwtBearerGrant],
  [grantTypes.saml11, samlBearerGrant],
  [grantTypes.deviceCode, deviceCodeGrant],
  [grantTypes.deviceCodeV1, deviceCodeGrant],
]);

/** `POST /{tenant}/oauth2[/v2.0]/token` (reference 02, section 4). */
export async function tokenOperation(sts: StsServices, version: 1 | 2, tenantSegment: string, body: Buffer): Promise<Reply> {
  const form = decodeForm(body);
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new Fault('sts.900144', { parameter: 'grant_type' });
  if (grantType === grantTypes.srvChallenge) return srvChallenge(sts, tenantSegment);
  const grant = grants.get(grantType);
  if (!grant) throw new Fault('sts.70003', { grantType });
  const segment = await resolveSegment(sts.em, tenantSegment);
  const signIn: SignIn = { grant: grantType };
  try {
    return await recordSignIn(sts, signIn, async () => {
      refuseResourceOnV2(version, form);
      const proof = await pkeyAuth(sts, segment, signIn);
      const device = proof.kind === 'device' ? proof.device : undefined;
      return grant(sts, { form, version, segment, basic: basicCredentials(), signIn, device });
    });
  } catch (error) {
    return await challengeForDevice(sts, error);
  }
}

/** A client that said it could is asked for its device where one is missing (MS-PKAP 3.1.5.2); any other refusal stays what it is. */
async function challengeForDevice(sts: StsServices, error: unknown): Promise<Reply> {
  const exchange = currentExchange();
  const entry = stsFaults['sts.50097'];
  if (!(error instanceof Fault) || error.code !== 'sts.50097' || !entry || !announcesPKeyAuth(exchange.headers)) throw error;
  exchange.refusal = error.code;
  const challenge = encodePKeyAuthHeader(await pkeyAuthChallenge(sts, exchange.tenantId));
  return stsJson(401, oauthErrorOf(entry, entry.text), { 'WWW-Authenticate': challenge });
}

/** MSAL clients never send it; a v1 request that strayed here is told so (reference 02, section 4). */
function refuseResourceOnV2(version: 1 | 2, form: Form): void {
  if (version === 2 && form.has('resource')) throw new Fault('sts.901002');
}

/** `client_secret_basic`: both halves are form-encoded (RFC 6749, 2.3.1). */
function basicCredentials(): { clientId: string; secret: string } | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(currentExchange().headers.authorization ?? '');
  const [clientId, secret] = Buffer.from(match?.[1] ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s);
  if (!clientId || secret === undefined) return undefined;
  const [name, value] = decodeForm(`${clientId}=${secret}`).entries()[0] ?? [];
  return name && value !== undefined ? { clientId: name, secret: value } : undefined;
}
