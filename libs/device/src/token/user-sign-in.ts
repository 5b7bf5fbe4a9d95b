import { clientIds, decodeOAuthError, decodePageConfig, encodeForm, grantTypes, type ReceivedToken } from '@greenscreen/wire/oauth';
import { type DeviceResponse } from '../context/index.js';
import { claimsOf } from './device-token.js';
import { SECOND_FACTOR_PAGE, submitSecondFactor } from './second-factor.js';
import { redirectedParameters, SignInBrowser } from './sign-in-browser.js';
import { accessTokenOf, jsonOf, postToken, type TokenContext } from './token-call.js';
import { TokenServiceError } from './token-service-error.js';

/** Where the OOBE web application lives; the device knows no other address of the cloud's sign-in. */
const AUTHORITY = 'https://login.microsoftonline.com';
const DRS_RESOURCE = 'urn:ms-drs:enterpriseregistration.windows.net';
const DRS_REDIRECT = 'ms-aadj-redir://auth/drs';

export interface UserCredentials {
  readonly upn: string;
  readonly password: string;
  /** Confirms the sign-in with a second factor, and the token says so. */
  readonly secondFactor?: boolean | undefined;
  /** Reads the code of a second factor on the person's other device; without one the sign-in ends where it is asked for. */
  readonly secondDevice?: (() => Promise<string>) | undefined;
}

/** Addresses of the user's MDM service, as the ID token gives them (reference 02, 5.3). */
export interface MdmAddresses {
  readonly enrollmentUrl: string;
  readonly termsOfUseUrl?: string;
  readonly complianceUrl?: string;
}

/** A user has signed in on the OOBE page. */
export interface UserSignIn {
  readonly idToken: string;
  readonly upn: string;
  readonly userId: string;
  readonly tenantId: string;
  /** Undefined when the user is in no MDM scope: the device joins but does not enroll. */
  readonly mdm?: MdmAddresses;
  /** `/{tid}/oauth2/token` of the user's tenant. */
  readonly tokenEndpoint: string;
  /** The page's web view, still signed in. */
  readonly browser: SignInBrowser;
}

/** Query that OOBE adds to the sign-in form's target (reference 02, 3.3 [trace]). */
const oobeQuery = ({ traits }: TokenContext): string => {
  const [major] = traits.osBuild.split('.');
  return new URLSearchParams({ cxhflow: 'OOBE', cxhver: '1.0', cxhplatform: 'Desktop', cxhplatformversion: `10.0.${major}` }).toString();
};

/**
 * A person signs in during OOBE (reference 05, U3): web application, metadata, authorize for an ID token to DRS, user realm, password. A
 * refusal is a TokenServiceError with the page's AADSTS number.
 */
export async function signInUser(context: TokenContext, credentials: UserCredentials): Promise<UserSignIn> {
  const { upn, secondFactor } = credentials;
  const browser = new SignInBrowser(context, AUTHORITY);
  await browser.get('CloudDomainJoin', '/WebApp/CloudDomainJoin/4');
  const metadata = jsonOf(await browser.get('OpenIdConfiguration', '/common/.well-known/openid-configuration'));
  const authorize = addressOf(metadata, 'authorization_endpoint');
  const nonce = context.random.uuid();
  const query = {
    client_id: clientIds.authenticationBroker,
    response_type: 'id_token',
    response_mode: 'fragment',
    redirect_uri: DRS_REDIRECT,
    resource: DRS_RESOURCE,
    nonce,
    ...(secondFactor ? { amr_values: 'mfa' } : {}),
  };
  const page = await browser.get('Authorize', `${new URL(authorize).pathname}?${encodeForm(query)}`);
  await browser.get('UserRealm', `/common/userrealm/${encodeURIComponent(upn)}?api-version=2.1&checkForMicrosoftAccount=false`);
  const answer = await submitPassword(context, browser, page, credentials);
  const idToken = redirectedParameters(answer)?.get('id_token') ?? undefined;
  if (idToken === undefined) throw refusalOf(answer);
  return { idToken, ...identityOf(idToken, nonce, answer.status), browser };
}

/** Fills in the page's form as a person would, and the form of a second factor when that comes next. */
export async function submitPassword(
  context: TokenContext,
  browser: SignInBrowser,
  page: DeviceResponse,
  { upn, password, secondDevice }: UserCredentials,
): Promise<DeviceResponse> {
  const config = decodePageConfig(page.text());
  const text = (name: string): string | undefined => (typeof config?.[name] === 'string' ? config[name] : undefined);
  const target = text('urlPost');
  if (target === undefined) throw refusalOf(page);
  const fields = {
    login: upn,
    loginfmt: upn,
    passwd: password,
    ctx: text('sCtx'),
    flowToken: text('sFT'),
    canary: text('canary'),
    hpgrequestid: text('sessionId'),
    type: '11',
    LoginOptions: '3',
  };
  const separator = target.includes('?') ? '&' : '?';
  const answer = await browser.post('Login', `${target}${separator}${oobeQuery(context)}`, encodeForm(fields));
  const next = decodePageConfig(answer.text());
  return secondDevice && next?.pgid === SECOND_FACTOR_PAGE ? submitSecondFactor(browser, next, await secondDevice()) : answer;
}

/** A code for a further token from the signed-in web view, without asking the person again. */
export async function authorizeSilently(signIn: UserSignIn, resource: string, redirectUri: string): Promise<string> {
  const query = {
    client_id: clientIds.authenticationBroker,
    response_type: 'code',
    redirect_uri: redirectUri,
    resource,
    prompt: 'none',
    login_hint: signIn.upn,
  };
  const answer = await signIn.browser.get('Authorize', `/${signIn.tenantId}/oauth2/authorize?${encodeForm(query)}`);
  const code = redirectedParameters(answer)?.get('code');
  if (!code) throw refusalOf(answer);
  return code;
}

/** The user's access token for DRS, for the join (reference 05, U5); the refresh token serves the PRT request. */
export async function requestDrsUserToken(
  context: TokenContext,
  signIn: UserSignIn,
): Promise<ReceivedToken & { readonly accessToken: string }> {
  const code = await authorizeSilently(signIn, DRS_RESOURCE, DRS_REDIRECT);
  const fields = {
    grant_type: grantTypes.authorizationCode,
    client_id: clientIds.authenticationBroker,
    code,
    redirect_uri: DRS_REDIRECT,
    resource: DRS_RESOURCE,
  };
  return accessTokenOf(await postToken(context, signIn.tokenEndpoint, fields));
}

function identityOf(idToken: string, nonce: string, status: number): Omit<UserSignIn, 'idToken' | 'browser'> {
  const claims = claimsOf(idToken, status);
  const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const [upn, userId, tenantId] = [text('upn'), text('oid'), text('tid')];
  if (upn === undefined || userId === undefined || tenantId === undefined || text('nonce') !== nonce)
    throw new TokenServiceError(status, undefined);
  const mdm = mdmOf(text);
  return { upn, userId, tenantId, tokenEndpoint: `${AUTHORITY}/${tenantId}/oauth2/token`, ...(mdm ? { mdm } : {}) };
}

function mdmOf(text: (name: string) => string | undefined): MdmAddresses | undefined {
  const enrollmentUrl = text('mdm_enrollment_url');
  if (enrollmentUrl === undefined) return undefined;
  const termsOfUseUrl = text('mdm_terms_of_use_url') ?? text('mdm_tou_url');
  const complianceUrl = text('mdm_compliance_url');
  return {
    enrollmentUrl,
    ...(termsOfUseUrl === undefined ? {} : { termsOfUseUrl }),
    ...(complianceUrl === undefined ? {} : { complianceUrl }),
  };
}

/** What stands in the way: a page's `sErrorCode`, an error in a redirect, or an OAuth error. */
export function refusalOf(response: DeviceResponse): TokenServiceError {
  const parameters = redirectedParameters(response);
  const description = parameters?.get('error_description') ?? '';
  const redirected = /AADSTS(\d+):/.exec(description)?.[1];
  if (redirected !== undefined)
    return new TokenServiceError(response.status, { error: parameters?.get('error') ?? '', description, codes: [Number(redirected)] });
  const config = decodePageConfig(response.text());
  const code = config?.pgid === SECOND_FACTOR_PAGE && !config.sErrorCode ? 50074 : Number(config?.sErrorCode);
  if (code > 0)
    return new TokenServiceError(response.status, { error: 'invalid_grant', description: String(config?.sErrTxt), codes: [code] });
  return new TokenServiceError(response.status, decodeOAuthError(jsonOf(response)));
}

function addressOf(metadata: unknown, name: string): string {
  const members: Readonly<Record<string, unknown>> =
    typeof metadata === 'object' && metadata !== null ? Object.fromEntries(Object.entries(metadata)) : {};
  const value = members[name];
  if (typeof value !== 'string' || !URL.canParse(value)) throw new TokenServiceError(200, undefined);
  return value;
}
