/** A token answer before it takes the shape of an endpoint version. Times are seconds. */
export interface TokenResponse {
  readonly scope?: string | undefined;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly expiresOn: number;
  readonly notBefore: number;
  /** Absent when no resource was asked for. */
  readonly resource?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  readonly clientInfo?: string | undefined;
  /** Family of client ids: `1` for Microsoft's own. */
  readonly foci?: string | undefined;
}

const defined = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** v1: every number is a string (reference 02, 4.4 [trace]). */
export const encodeTokenResponseV1 = (token: TokenResponse): Record<string, unknown> =>
  defined({
    token_type: 'Bearer',
    scope: token.scope,
    expires_in: String(token.expiresIn),
    ext_expires_in: String(token.expiresIn),
    expires_on: String(token.expiresOn),
    not_before: String(token.notBefore),
    resource: token.resource,
    access_token: token.accessToken,
    refresh_token: token.refreshToken,
    foci: token.foci,
    id_token: token.idToken,
    client_info: token.clientInfo,
  });

/** v2: numbers, and neither `resource` nor absolute times (reference 02, 4.4). */
export const encodeTokenResponseV2 = (token: TokenResponse): Record<string, unknown> =>
  defined({
    token_type: 'Bearer',
    scope: token.scope,
    expires_in: token.expiresIn,
    ext_expires_in: token.expiresIn,
    access_token: token.accessToken,
    refresh_token: token.refreshToken,
    foci: token.foci,
    id_token: token.idToken,
    client_info: token.clientInfo,
  });

/** `client_info`: base64url JSON of user and tenant. */
export const encodeClientInfo = (userId: string, tenantId: string): string =>
  Buffer.from(JSON.stringify({ uid: userId, utid: tenantId })).toString('base64url');

/** What a client reads from a token answer of either version. */
export interface ReceivedToken {
  readonly tokenType: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly resource?: string;
  readonly scope?: string;
}

/** Reads a token answer; undefined when the value is none. Numbers may be strings. */
export function decodeTokenResponse(value: unknown): ReceivedToken | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  const text = (name: string): string | undefined => (typeof members[name] === 'string' ? members[name] : undefined);
  const tokenType = text('token_type');
  const expiresIn = Number(members.expires_in);
  if (tokenType === undefined || !Number.isFinite(expiresIn)) return undefined;
  const optional = {
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    resource: text('resource'),
    scope: text('scope'),
  };
  return { tokenType, expiresIn, ...(defined(optional) as Partial<Record<keyof typeof optional, string>>) };
}
