/** The claims cannot be those of an access token. Names the member. */
export class ClaimsError extends Error {
  constructor(readonly claim: string) {
    super(`The token has no usable "${claim}"`);
    this.name = 'ClaimsError';
  }
}

/** `device` and `app` tokens have no user. Decided by `idtyp`, else by the absence of `upn`; never by `scp` (reference 06, D-B1). */
export type TokenKind = 'user' | 'device' | 'app';

/** Claims of an access token (reference 02, 5.2 to 5.6) as receivers use them; lists are empty when the claim is absent. */
export interface AccessTokenClaims {
  readonly kind: TokenKind;
  readonly aud: string;
  readonly iss: string;
  /** Lower case. */
  readonly tid: string;
  /** Seconds since the epoch, as are `nbf` and `exp`. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly sub?: string;
  readonly appid?: string;
  readonly appidacr?: string;
  /** Object id of user, device or service principal. */
  readonly oid?: string;
  readonly upn?: string;
  readonly unique_name?: string;
  readonly name?: string;
  readonly deviceid?: string;
  readonly ztdid?: string;
  readonly amr: readonly string[];
  /** Delegated permissions: `scp` split at spaces. */
  readonly scp: readonly string[];
  /** Application permissions. */
  readonly roles: readonly string[];
  /** Template ids of the user's directory roles. */
  readonly wids: readonly string[];
  /** RFC 7638 thumbprint in `cnf.jkt`: the holder has to prove that key (reference 06, D-A18). */
  readonly jkt?: string;
}

const texts = ['sub', 'appid', 'appidacr', 'oid', 'upn', 'unique_name', 'name', 'deviceid', 'ztdid'] as const;

/** Reads claims that a signature has vouched for; refuses a required or mistyped one with {@link ClaimsError}. */
export function decodeAccessTokenClaims(claims: Readonly<Record<string, unknown>>): AccessTokenClaims {
  const optional = Object.fromEntries(texts.flatMap((name) => (claims[name] === undefined ? [] : [[name, text(claims, name)]])));
  const jkt = confirmation(claims.cnf);
  return {
    kind: kindOf(claims),
    aud: text(claims, 'aud'),
    iss: text(claims, 'iss'),
    tid: text(claims, 'tid').toLowerCase(),
    iat: seconds(claims, 'iat'),
    nbf: seconds(claims, 'nbf'),
    exp: seconds(claims, 'exp'),
    ...optional,
    amr: list(claims, 'amr'),
    scp: claims.scp === undefined ? [] : text(claims, 'scp').split(' ').filter(Boolean),
    roles: list(claims, 'roles'),
    wids: list(claims, 'wids'),
    ...(jkt === undefined ? {} : { jkt }),
  };
}

function kindOf({ idtyp, upn }: Readonly<Record<string, unknown>>): TokenKind {
  if (idtyp === 'user' || idtyp === 'device' || idtyp === 'app') return idtyp;
  if (idtyp !== undefined) throw new ClaimsError('idtyp');
  return upn === undefined ? 'device' : 'user';
}

function text(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string') throw new ClaimsError(name);
  return value;
}

function seconds(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ClaimsError(name);
  return value;
}

function list(claims: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = claims[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ClaimsError(name);
  return value.map((member: unknown) => {
    if (typeof member !== 'string') throw new ClaimsError(name);
    return member;
  });
}

function confirmation(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || !('jkt' in cnf) || typeof cnf.jkt !== 'string') throw new ClaimsError('cnf');
  return cnf.jkt;
}
