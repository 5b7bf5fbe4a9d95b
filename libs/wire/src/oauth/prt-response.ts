/** Answer to a PRT request (reference 02, 7.2). Types matter to clients: three numbers are strings, one is an integer. */
export interface PrtResponse {
  /** Opaque. */
  readonly refreshToken: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly expiresOn: number;
  /** Unsigned JWT. */
  readonly idToken: string;
  readonly clientInfo: string;
  readonly tenantId: string;
  /** Absent when a PRT is renewed: the session key stays. */
  readonly sessionKeyJwe?: string | undefined;
  /** Present when the request named a resource too (reference 02, 8.2). */
  readonly accessToken?: string | undefined;
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
}

export const encodePrtResponse = (prt: PrtResponse): Record<string, unknown> => ({
  token_type: 'Bearer',
  ...(prt.scope === undefined ? {} : { scope: prt.scope }),
  expires_in: String(prt.expiresIn),
  ext_expires_in: '0',
  expires_on: String(prt.expiresOn),
  ...(prt.resource === undefined ? {} : { resource: prt.resource }),
  ...(prt.accessToken === undefined ? {} : { access_token: prt.accessToken }),
  refresh_token: prt.refreshToken,
  refresh_token_expires_in: prt.expiresIn,
  ...(prt.sessionKeyJwe === undefined ? {} : { session_key_jwe: prt.sessionKeyJwe }),
  id_token: prt.idToken,
  client_info: prt.clientInfo,
  device_tenant_id: prt.tenantId,
});

export interface ReceivedPrt {
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly sessionKeyJwe?: string;
  readonly idToken: string;
}

/** Reads a PRT answer; undefined when the value is none. */
export function decodePrtResponse(value: unknown): ReceivedPrt | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    refresh_token: refreshToken,
    refresh_token_expires_in: expiresIn,
    id_token: idToken,
    session_key_jwe: jwe,
  } = Object.fromEntries<unknown>(Object.entries(value));
  if (typeof refreshToken !== 'string' || typeof idToken !== 'string' || typeof expiresIn !== 'number') return undefined;
  return { refreshToken, idToken, expiresIn, ...(typeof jwe === 'string' ? { sessionKeyJwe: jwe } : {}) };
}
