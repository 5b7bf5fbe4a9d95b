import { Fault } from '@greenscreen/host/faults';
import { type RefreshToken } from '@greenscreen/model/sts';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { signedGrants } from '@greenscreen/wire/oauth';
import { federatedSignIn, samlOfParameter } from '../federation/saml-assertion.js';
import { passwordMethods, requireSecondFactor } from '../second-factor/second-factor.store.js';
import { authenticatePassword, userOfGrant } from '../tenancy/password.js';
import { findRefreshToken, requireUsable } from '../tokens/refresh-token.store.js';
import { type DeviceSigned } from './device-signed.js';
import { userOfHelloAssertion } from './hello-assertion.js';
import { requiredMember } from './signed-request.js';

/** The user that a device vouches for, and how that user was authenticated. */
export interface InnerAuthentication {
  readonly user: DirectoryUser;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
}

type InnerGrant = (state: DeviceSigned) => Promise<InnerAuthentication>;

async function password({ sts, signed, tenant, now }: DeviceSigned): Promise<InnerAuthentication> {
  const user = await authenticatePassword(sts.em, tenant, requiredMember(signed, 'username'), requiredMember(signed, 'password'));
  return { user, amr: passwordMethods(tenant, user), authenticatedAt: now };
}

async function refreshToken({ sts, signed, tenant, now }: DeviceSigned): Promise<InnerAuthentication> {
  const row: RefreshToken = await findRefreshToken(sts.em, requiredMember(signed, 'refresh_token'), 'refresh');
  if (row.tenantId !== tenant.id) throw new Fault('sts.70000');
  requireUsable(row, now);
  return { user: await userOfGrant(sts.em, row.userId), amr: row.amr, authenticatedAt: row.authenticatedAt };
}

/** Windows Hello: possession of the key and the gesture that opened it are two factors. */
async function hello({ sts, signed, tenant, now }: DeviceSigned): Promise<InnerAuthentication> {
  const user = await userOfHelloAssertion(requiredMember(signed, 'assertion'), { sts, tenant, now });
  return { user, amr: ['rsa', 'mfa'], authenticatedAt: now };
}

/** The word of a federated domain's identity provider. */
const saml: InnerGrant = ({ sts, signed, tenant }) => federatedSignIn(sts, samlOfParameter(requiredMember(signed, 'assertion')), tenant);

const innerGrants: Readonly<Record<string, InnerGrant>> = {
  [signedGrants.password]: password,
  [signedGrants.refreshToken]: refreshToken,
  [signedGrants.jwtBearer]: hello,
  [signedGrants.saml11]: saml,
};

/** Authenticates the user inside a device-signed request (reference 02, 7.1); the method gains `rsa`, the device's own proof. */
export async function authenticateInner(state: DeviceSigned): Promise<InnerAuthentication> {
  const grant = innerGrants[state.signed.grant];
  if (!grant) throw new Fault('sts.70003', { grantType: state.signed.grant });
  const { user, amr, authenticatedAt } = await grant(state);
  Object.assign(state.request.signIn, { userId: user.id, upn: user.upn });
  // A PRT says how its user signed in, and nobody is kept from Windows for want of a second factor; a token for a resource is another matter.
  const resource = state.signed.text('resource');
  if (resource !== undefined) requireSecondFactor(state.tenant, user, amr, resource);
  return { user, amr: [...new Set([...amr, 'rsa'])], authenticatedAt };
}
