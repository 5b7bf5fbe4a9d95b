import { encodeForm } from '@greenscreen/wire/oauth';
import { type DeviceContext, type DeviceResponse, DeploymentError } from '../context/index.js';
import { type EnrollmentService } from './discover.js';
import { INVALID_ARGUMENT } from './enrollment-error.js';

/** The Settings application, which takes the token from the page. */
const APPLICATION = 'ms-app://windows.immersivecontrolpanel';
/** MENROLL_E_DEVICE_AUTHENTICATION_ERROR: the sign-in gave no token. */
const NOT_SIGNED_IN = 0x80180002;
const SIGN_IN_PAGE = { service: 'mdm-discovery', operation: 'Auth' } as const;

/**
 * The web sign-in of a Federated service without Entra (reference 04, 1.4): its page, filled in by the person, posts an opaque token to the
 * application. Throws DeploymentError when the service has no page, or the page comes again.
 */
export async function signInForEnrollment(
  { network }: Pick<DeviceContext, 'network'>,
  { authenticationUrl }: EnrollmentService,
  { upn, password }: { readonly upn: string; readonly password: string },
): Promise<string> {
  if (authenticationUrl === undefined) throw new DeploymentError(INVALID_ARGUMENT, 'The service names no page to sign in on');
  const url = `${authenticationUrl}?${encodeForm({ appru: APPLICATION, login_hint: upn })}`;
  await network.http({ ...SIGN_IN_PAGE, method: 'GET', url, headers: {} });
  const answer = await network.http({
    ...SIGN_IN_PAGE,
    method: 'POST',
    url,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: encodeForm({ username: upn, password }),
  });
  const token = resultOf(answer);
  if (token === undefined) throw new DeploymentError(NOT_SIGNED_IN, 'The user name or the password is not right');
  return token;
}

/** Value of the form's field `wresult`; the token has no character that HTML writes otherwise. */
function resultOf(answer: DeviceResponse): string | undefined {
  const [field] = /<input\b[^>]*\bname="wresult"[^>]*>/.exec(answer.text()) ?? [];
  return field && /\bvalue="([^"]+)"/.exec(field)?.[1];
}
