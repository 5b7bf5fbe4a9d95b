import { certificateKeyId, encodeUnsignedJwt, type JwtSigningKey, signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket, stsSigning } from '@greenscreen/host/authority/definitions';
import { issuerOf } from '@greenscreen/host/identity';

export const tokenDefects = ['none', 'alg_none', 'other_key', 'unknown_kid', 'broken_signature', 'other_issuer'] as const;

export interface TokenOrder {
  /** `access`: of the token service; `ticket`: a device ticket of login.live.com. */
  readonly kind: 'access' | 'ticket';
  readonly tenantId: string;
  readonly audience: string;
  /** Whatever else it shall say; wins over what stands here. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Claims to leave out. */
  readonly drop: readonly string[];
  /** Seconds from now; either may lie in the past. */
  readonly startsIn: number;
  readonly expiresIn: number;
  readonly defect: (typeof tokenDefects)[number];
  readonly now: Date;
}

/** A token with the defect that is asked for, compact JWT. */
export async function forgeToken(authorities: AuthorityStore, order: TokenOrder): Promise<string> {
  const claims = claimsOf(order);
  if (order.defect === 'alg_none') return encodeUnsignedJwt(claims);
  const token = await signJwt(claims, await keyFor(authorities, order));
  return order.defect === 'broken_signature' ? withBrokenSignature(token) : token;
}

function claimsOf({
  kind,
  tenantId,
  audience,
  claims,
  drop,
  startsIn,
  expiresIn,
  defect,
  now,
}: TokenOrder): Readonly<Record<string, unknown>> {
  const at = Math.floor(now.getTime() / 1000);
  const issuer = kind === 'ticket' ? 'login.live.com' : issuerOf(tenantId);
  const all = {
    aud: audience,
    iss: defect === 'other_issuer' ? 'https://sts.example/' : issuer,
    iat: at,
    nbf: at + startsIn,
    exp: at + expiresIn,
    ...(kind === 'ticket' ? {} : { tid: tenantId, ver: '1.0' }),
    ...claims,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !drop.includes(name)));
}

async function keyFor(authorities: AuthorityStore, { kind, defect }: TokenOrder): Promise<JwtSigningKey> {
  const authority = await authorities.get(kind === 'ticket' ? msaTicket : stsSigning);
  const kid = defect === 'unknown_kid' ? 'nobody-knows-this-key' : certificateKeyId(authority.certificate);
  const privateKey =
    defect === 'other_key' ? (await generateKeyPair(kind === 'ticket' ? 'ec-p256' : 'rsa2048')).privateKey : authority.privateKey;
  return { alg: kind === 'ticket' ? 'ES256' : 'RS256', kid, ...(kind === 'ticket' ? {} : { x5t: kid }), privateKey };
}

/** One bit of it is another. */
function withBrokenSignature(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return [header, claims, bytes.toString('base64url')].join('.');
}
