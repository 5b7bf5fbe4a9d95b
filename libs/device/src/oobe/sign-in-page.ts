import { DeploymentError, NetworkError } from '../context/index.js';
import { DIAGNOSTICS_KEY } from '../profile/index.js';
import { signInUser, type UserSignIn } from '../token/index.js';
import { type Installation } from './installation.js';
import { type UserAtTheDevice } from './user-phase.js';

/** Page of CloudExperienceHost that shows the identity provider's pages; its name is what the user sees when it cannot (reference 05, 27). */
const PAGE = 'OOBEIDPS';
/** ERROR_NOT_FOUND: the tenant has no address for the terms [our choice]. */
const NO_TERMS = 0x80070490;

/**
 * The user signs in to the organization that the profile names (reference 05, U3), and sees the terms of its MDM service (U4). Throws
 * DeploymentError with the page's text, TokenServiceError.
 */
export async function signInPage({ context, profile }: Installation, user: UserAtTheDevice): Promise<UserSignIn> {
  const signIn = await signInUser(context, user).catch((error: unknown) => {
    if (error instanceof NetworkError) throw new DeploymentError(error.hresult, PAGE, { cause: error });
    throw error;
  });
  const matches = profile === undefined || profile.tenantId === signIn.tenantId;
  context.registry.set(DIAGNOSTICS_KEY, 'TenantMatched', matches ? 1 : 0);
  context.registry.set(DIAGNOSTICS_KEY, 'AadTenantId', signIn.tenantId);
  if (!matches) throw new DeploymentError(ANOTHER_TENANT, 'That username looks like it belongs to another organization');
  if (signIn.mdm && !signIn.mdm.termsOfUseUrl)
    throw new DeploymentError(NO_TERMS, "Can't connect to the URL of your organization's MDM terms of use");
  return signIn;
}

/** ERROR_ACCESS_DENIED [our choice]. */
const ANOTHER_TENANT = 0x80070005;
