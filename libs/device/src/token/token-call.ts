import { type DeviceContext, type DeviceResponse } from '../context/index.js';
import { decodeOAuthError, decodeTokenResponse, encodeForm, grantTypes, type ReceivedToken } from '@greenscreen/wire/oauth';
import { TokenServiceError } from './token-service-error.js';

/** What the token clients need of the device. */
export type TokenContext = Pick<DeviceContext, 'network' | 'random' | 'clock' | 'traits'>;

/** CloudAP's and the web account manager's name [client: dirkjanm/ROADtools]. */
const USER_AGENT = 'Windows-AzureAD-Authentication-Provider/1.0';

/** Headers of a request to the token service; each has an id of its own that the answer repeats. */
export const stsHeaders = ({ random }: TokenContext): Record<string, string> => ({
  Accept: 'application/json',
  'User-Agent': USER_AGENT,
  'client-request-id': random.uuid(),
  'return-client-request-id': 'true',
});

/** Posts a form to a token endpoint; any answer but 200 is a {@link TokenServiceError}. */
export async function postToken(
  context: TokenContext,
  endpoint: string,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<DeviceResponse> {
  const response = await context.network.http({
    service: 'sts',
    operation: 'Token',
    method: 'POST',
    url: endpoint,
    headers: { ...stsHeaders(context), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: encodeForm(fields),
  });
  if (response.status !== 200) throw new TokenServiceError(response.status, decodeOAuthError(jsonOf(response)));
  return response;
}

/** The answer's JSON; undefined when it is none. */
export function jsonOf(response: DeviceResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}

/** A token answer with an access token. */
export function accessTokenOf(
  response: DeviceResponse,
  value: unknown = jsonOf(response),
): ReceivedToken & { readonly accessToken: string } {
  const token = decodeTokenResponse(value);
  if (token?.accessToken === undefined) throw new TokenServiceError(response.status, undefined);
  return { ...token, accessToken: token.accessToken };
}

/** A fresh nonce (srv_challenge, reference 02, 4.2). */
export async function requestNonce(context: TokenContext, endpoint: string): Promise<string> {
  const response = await postToken(context, endpoint, { grant_type: grantTypes.srvChallenge });
  const value = jsonOf(response);
  if (typeof value === 'object' && value !== null && 'Nonce' in value && typeof value.Nonce === 'string') return value.Nonce;
  throw new TokenServiceError(response.status, undefined);
}

/** Form around a signed request (reference 02, 7.1). */
export const signedRequestForm = (request: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  windows_api_version: '2.2',
  grant_type: grantTypes.jwtBearer,
  request,
  ...more,
});
