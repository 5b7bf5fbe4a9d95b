import { AccessTokenError, verifyAccessToken } from '@greenscreen/host/identity';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { decodeSecurityHeader, type SecurityCredential, type SoapMessage, tokenTypes } from '@greenscreen/wire/soap';
import { type MdmServices } from '../../mdm-services.js';
import { decoded } from '../soap-request.js';
import { redeemEnrollmentToken } from './enrollment-token.store.js';
import { type Principal } from './principal.js';
import { authenticatePassword } from './user-name.js';

/** Accepted `aud`, compared without case and one trailing slash (06 D-B2). */
export const enrollmentAudiences = ['https://enrollment.manage.microsoft.com', 'd4ebce55-015a-49b5-a083-c84d1797ae8c'];
/** Seconds that clocks may differ (reference 04, 2.2). */
export const TOKEN_TOLERANCE = 300;
/** Access tokens that a service takes. */
export interface AcceptedTokens {
  /** `aud`, compared without case and one trailing slash. */
  readonly audiences: readonly string[];
  /** Delegated permission of a user's token. */
  readonly scope: string;
}

/** 06 D-B2 and D-B4. */
const forEnrollment: AcceptedTokens = { audiences: enrollmentAudiences, scope: 'mdm_delegation' };

/** The credential of the security header; none, or one that cannot be read, is InvalidSecurity (06 D-B3). */
export function credentialOf({ header }: SoapMessage): SecurityCredential {
  const credential = decoded(() => decodeSecurityHeader(header), 'mdm.InvalidSecurity');
  if (!credential) throw new Fault('mdm.InvalidSecurity');
  return credential;
}

/** Whom a credential stands for (reference 04, 2.2; 06 D-B1 to D-B4). */
export async function authenticate(mdm: MdmServices, credential: SecurityCredential): Promise<Principal> {
  const principal = await principalOf(mdm, credential);
  const exchange = currentExchange();
  exchange.tenantId = principal.tenant.id;
  if (principal.entraDeviceId !== undefined) exchange.deviceId = principal.entraDeviceId;
  return principal;
}

function principalOf(mdm: MdmServices, credential: SecurityCredential): Promise<Principal> {
  if (credential.kind === 'username') return authenticatePassword(mdm, credential);
  if (credential.valueType === tokenTypes.jwt) return authenticateToken(mdm, credential.text);
  if (credential.valueType === tokenTypes.user) return redeemEnrollmentToken(mdm, credential.text);
  // Certificates are for AuthPolicy Certificate, which nobody here offers; DeviceEnrollmentProvisionToken was never seen.
  throw new Fault('mdm.InvalidSecurity');
}

/** The principal of an Entra access token, for the enrollment resource unless others are accepted. */
export async function authenticateToken(mdm: MdmServices, token: string, accepted: AcceptedTokens = forEnrollment): Promise<Principal> {
  const claims = await verified(mdm, token, accepted.audiences);
  const tenant = await mdm.em.findOneBy(Tenant, { id: claims.tid });
  if (!tenant) throw new Fault('mdm.Authentication');
  const device = claims.deviceid === undefined ? {} : { entraDeviceId: claims.deviceid.toLowerCase() };
  if (claims.kind === 'device') return { tenant, ...device };
  if (claims.kind === 'app' || claims.upn === undefined || !claims.scp.includes(accepted.scope)) throw new Fault('mdm.Authorization');
  const user = await mdm.em.findOneBy(DirectoryUser, { tenantId: tenant.id, upn: claims.upn.toLowerCase() });
  if (user?.accountEnabled !== true) throw new Fault('mdm.Authorization');
  return { tenant, user, ...device };
}

/** Text that is no JWT is the header's fault; a JWT that is refused is the token's (06 D-B3). */
async function verified(mdm: MdmServices, token: string, audiences: readonly string[]): Promise<AccessTokenClaims> {
  try {
    return await verifyAccessToken(token, {
      authorities: mdm.authorities,
      audiences,
      now: (tenantId) => mdm.clock.now(tenantId),
      tolerance: TOKEN_TOLERANCE,
    });
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error;
    throw new Fault(error.problem === 'malformed' ? 'mdm.InvalidSecurity' : 'mdm.Authentication', {}, { cause: error });
  }
}
