import { findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { encodeOAuthError } from '@greenscreen/wire/oauth';
import { stsJson } from './sts-reply.js';

/** A row of reference 02, section 6. */
export interface StsFault extends FaultEntry {
  /** OAuth `error`. */
  readonly error: string;
  /** AADSTS number. */
  readonly code: number;
  readonly suberror?: string;
}

const CATALOGUE = 'Microsoft Entra authentication and authorization error codes; HTTP status is our choice (reference 02, 6)';
const OURS = 'our choice (reference 02, 12.3; 06 D-A22)';

const row = (code: number, error: string, text: string, more: Partial<StsFault> = {}): StsFault => ({
  status: 400,
  code,
  error,
  text,
  evidence: CATALOGUE,
  ...more,
});

const GRANT = 'invalid_grant';
const REQUEST = 'invalid_request';
const CLIENT = 'invalid_client';
const INTERACTION = 'interaction_required';
const basic = { suberror: 'basic_action' };
const unauthorized = { status: 401 };

export const stsFaults: FaultTable<StsFault> = {
  'sts.16000': row(
    16000,
    INTERACTION,
    'Either multiple user identities are available for the current request or the selected account is not supported for the scenario.',
  ),
  'sts.50001': row(50001, 'invalid_resource', "The resource principal named '{resource}' was not found."),
  'sts.50008': row(50008, GRANT, 'SAML assertion is missing or misconfigured in the token.'),
  'sts.50011': row(
    50011,
    REQUEST,
    "The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application '{clientId}'.",
  ),
  'sts.50013': row(50013, GRANT, 'Assertion failed signature validation.'),
  'sts.50013.aik_invalid': row(50013, GRANT, 'Assertion failed validation: the attestation identity key certificate is not valid.', {
    suberror: 'aik_invalid',
    hresult: '0x801c0010',
    evidence: OURS,
  }),
  'sts.50013.aik_expired': row(50013, GRANT, 'Assertion failed validation: the attestation identity key certificate has expired.', {
    suberror: 'aik_expired',
    hresult: '0x801c03ef',
    evidence: OURS,
  }),
  'sts.50013.attestation_invalid': row(50013, GRANT, 'Assertion failed validation: the key attestation is not valid.', {
    suberror: 'attestation_invalid',
    hresult: '0x801c0011',
    evidence: OURS,
  }),
  'sts.50020': row(
    50020,
    GRANT,
    "User account '{upn}' from identity provider 'https://sts.windows.net/' does not exist in tenant '{tenant}' and cannot access the application.",
  ),
  'sts.50027': row(50027, REQUEST, 'JWT token is invalid or malformed.'),
  'sts.50034': row(
    50034,
    GRANT,
    'The user account {upn} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  ),
  'sts.50053': row(50053, GRANT, "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."),
  'sts.50055': row(50055, GRANT, 'The password is expired.'),
  'sts.50057': row(50057, GRANT, 'The user account is disabled.'),
  'sts.50058': row(50058, 'login_required', 'A silent sign-in request was sent but no user is signed in.'),
  'sts.50059': row(50059, REQUEST, 'No tenant-identifying information found in either the request or implied by any provided credentials.'),
  'sts.50072': row(
    50072,
    INTERACTION,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    basic,
  ),
  'sts.50074': row(50074, INTERACTION, 'Strong Authentication is required.', basic),
  'sts.50076': row(
    50076,
    INTERACTION,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
    basic,
  ),
  'sts.50079': row(
    50079,
    INTERACTION,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    basic,
  ),
  'sts.50089': row(50089, GRANT, 'Authentication failed due to flow token expired.'),
  'sts.50097': row(50097, INTERACTION, 'Device authentication is required.'),
  'sts.50099': row(50099, REQUEST, 'PKeyAuth JWT signature is not valid.'),
  'sts.50105': row(
    50105,
    INTERACTION,
    "Your administrator has configured the application '{clientId}' to block users unless they are specifically granted access to the application.",
  ),
  'sts.50107': row(50107, GRANT, "The requested federation realm object '{realm}' does not exist."),
  'sts.50126': row(50126, GRANT, 'Error validating credentials due to invalid username or password.'),
  'sts.50129': row(50129, GRANT, 'Device is not workplace joined. Workplace join is required to register the device.'),
  'sts.50131': row(
    50131,
    INTERACTION,
    'Device is not in required device state. Conditional Access policy requires a compliant device, and the device is not compliant.',
  ),
  'sts.50132': row(50132, GRANT, 'The session is not valid due to password expiration or recent password change.'),
  'sts.50155': row(50155, GRANT, 'Device authentication failed for this user.'),
  'sts.50155.ek_mismatch': row(50155, GRANT, 'Device authentication failed: the endorsement key is not the registered one.', {
    suberror: 'ek_mismatch',
    hresult: '0x801c03ea',
    evidence: OURS,
  }),
  'sts.50155.device_not_registered': row(50155, GRANT, 'Device authentication failed: the device is not registered in this tenant.', {
    suberror: 'device_not_registered',
    hresult: '0x801c03f3',
    evidence: OURS,
  }),
  'sts.50155.ticket_invalid': row(50155, GRANT, 'Device authentication failed: the device ticket is not valid.', {
    suberror: 'ticket_invalid',
    hresult: '0x801c03ea',
    evidence: OURS,
  }),
  'sts.50158': row(
    50158,
    INTERACTION,
    'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.',
    basic,
  ),
  'sts.50173': row(50173, GRANT, 'The provided grant has expired due to it being revoked, a fresh auth token is needed.'),
  'sts.50203': row(50203, INTERACTION, 'User has not registered the authenticator app.'),
  'sts.53000': row(
    53000,
    INTERACTION,
    'Device is not in required device state. Conditional Access policy requires a compliant device, and the device is not compliant.',
  ),
  'sts.53001': row(
    53001,
    INTERACTION,
    'Device is not in required device state. Conditional Access policy requires a domain joined device, and the device is not domain joined.',
  ),
  'sts.53002': row(53002, INTERACTION, 'The app used is not an approved app for Conditional Access.'),
  'sts.53003': row(
    53003,
    'access_denied',
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  ),
  'sts.530032': row(530032, 'access_denied', 'Access to the tenant is blocked by a security policy.'),
  'sts.54005': row(
    54005,
    GRANT,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ),
  'sts.65001': row(65001, GRANT, "The user or administrator has not consented to use the application with ID '{clientId}'.", {
    suberror: 'consent_required',
  }),
  'sts.70000': row(70000, GRANT, 'The provided grant is invalid or malformed.'),
  'sts.70002': row(70002, CLIENT, 'Error validating credentials.', unauthorized),
  'sts.70003': row(70003, 'unsupported_grant_type', "The app requested an unsupported grant type '{grantType}'."),
  'sts.70005': row(70005, 'unsupported_response_type', "The app requested an unsupported response type '{responseType}'."),
  'sts.70008': row(
    70008,
    GRANT,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ),
  'sts.70011': row(
    70011,
    'invalid_scope',
    "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  ),
  'sts.70016': row(70016, 'authorization_pending', 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.'),
  'sts.70018': row(
    70018,
    'authorization_declined',
    'Invalid verification code due to User typing in wrong user code for device code flow, or the user declined.',
  ),
  'sts.70018.unknown': row(70018, 'bad_verification_code', 'Invalid verification code.'),
  'sts.70019': row(70019, 'expired_token', 'Verification code expired.'),
  'sts.70020': row(
    70020,
    'code_expired',
    'The provided value for the input parameter device_code is not valid. This device code has expired.',
  ),
  'sts.700005': row(700005, GRANT, 'The provided authorization code is intended to be used against another tenant, thus rejected.'),
  'sts.700016': row(
    700016,
    'unauthorized_client',
    "Application with identifier '{clientId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
  ),
  'sts.700021': row(
    700021,
    CLIENT,
    "Client assertion application identifier doesn't match 'client_id' parameter '{clientId}'.",
    unauthorized,
  ),
  'sts.700023': row(700023, CLIENT, 'Client assertion audience claim does not match Realm issuer.', unauthorized),
  'sts.700024': row(700024, CLIENT, 'Client assertion is not within its valid time range.', unauthorized),
  'sts.700025': row(
    700025,
    CLIENT,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    unauthorized,
  ),
  'sts.700027': row(
    700027,
    CLIENT,
    'The certificate with identifier used to sign the client assertion is not registered on application.',
    unauthorized,
  ),
  'sts.700082': row(700082, GRANT, 'The refresh token has expired due to inactivity.'),
  'sts.90002': row(
    90002,
    REQUEST,
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  ),
  'sts.90002.metadata': row(
    90002,
    'invalid_tenant',
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  ),
  'sts.90014': row(
    90014,
    REQUEST,
    "The required field '{field}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  ),
  'sts.90023': row(90023, REQUEST, 'Invalid STS request.'),
  'sts.130004': row(130004, GRANT, 'NgcKey could not be found for the user.'),
  'sts.130005': row(130005, GRANT, 'NGC key signature verified failed.'),
  'sts.130006': row(130006, GRANT, 'The NGC transport key is not configured on the device.'),
  'sts.130007': row(130007, GRANT, 'NGC device is disabled.'),
  'sts.130008': row(130008, GRANT, 'Device referenced by the NGC key could not be found.'),
  'sts.135010': row(135010, GRANT, 'Key was not found.'),
  'sts.135011': row(135011, GRANT, 'Device used during the authentication is disabled.'),
  'sts.140000': row(140000, GRANT, 'Request nonce is expired or not provided.'),
  'sts.140001': row(140001, GRANT, 'The session key is not valid.'),
  'sts.221000': row(221000, REQUEST, "Device Only Tokens are not allowed for the resource '{resource}'."),
  'sts.240001': row(240001, GRANT, 'User is not authorized to register devices in Azure AD.'),
  'sts.240002': row(240002, GRANT, 'Input id_token cannot be used as urn:ietf:params:oauth:grant-type:jwt-bearer grant.'),
  'sts.500011': row(
    500011,
    'invalid_resource',
    'The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  ),
  'sts.500121': row(500121, INTERACTION, 'Authentication failed during strong authentication request.'),
  'sts.501481': row(501481, GRANT, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.'),
  'sts.7000215': row(
    7000215,
    CLIENT,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.",
    unauthorized,
  ),
  'sts.7000218': row(
    7000218,
    CLIENT,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    unauthorized,
  ),
  'sts.900144': row(900144, REQUEST, "The request body must contain the following parameter: '{parameter}'."),
  'sts.900384': row(900384, GRANT, 'JWT token failed signature validation. Actual message content is runtime specific.', {
    evidence: 'number from the catalogue; `invalid_grant` from MS-OAPXBC 3.2.5.1.2.3',
  }),
  'sts.900561': row(900561, REQUEST, 'The endpoint only accepts POST requests. Received a {method} request.'),
  'sts.901002': row(901002, REQUEST, "The 'resource' request parameter isn't supported."),
  'sts.Throttled': row(50196, 'temporarily_unavailable', 'The server is temporarily too busy to handle the request.', {
    status: 429,
    evidence: 'our choice',
  }),
  'sts.Internal': row(90033, 'temporarily_unavailable', 'A transient error has occurred. Please try again.', {
    status: 500,
    evidence: 'our choice',
  }),
};

/** AADSTS number of a fault code; the bland one for what is not in the table. */
export const aadstsOf = (code: string): number => stsFaults[code]?.code ?? 90033;

export const stsDialect: FaultDialect<StsFault> = {
  table: stsFaults,
  internal: 'sts.Internal',
  unstorable: { code: 'sts.90023' },
  render: ({ entry, text }): Reply => stsJson(entry.status, oauthErrorOf(entry, text)),
};

/** The JSON members of a refusal in the request in hand. */
export function oauthErrorOf(entry: StsFault, text: string): Record<string, unknown> {
  const exchange = findExchange();
  const traceId = exchange?.traceId ?? '';
  return encodeOAuthError({
    error: entry.error,
    code: entry.code,
    message: text,
    suberror: entry.suberror,
    traceId,
    correlationId: exchange?.clientRequestId ?? traceId,
    at: exchange?.time ?? new Date(),
  });
}
