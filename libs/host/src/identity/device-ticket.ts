import { type KeyObject } from 'node:crypto';
import { JoseError, verifyJwt } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '../authority/authority-store.js';
import { msaTicket } from '../authority/definitions/tokens.js';

export type DeviceTicketProblem = 'malformed' | 'signature' | 'audience' | 'expired';

/** A device ticket is refused, and why. */
export class DeviceTicketError extends Error {
  constructor(
    readonly problem: DeviceTicketProblem,
    options?: ErrorOptions,
  ) {
    super(`The device ticket is refused: ${problem}`, options);
    this.name = 'DeviceTicketError';
  }
}

/** Hosts whose tickets the token service and DRS take (reference 06, D-A12). */
export const entraTicketAudiences = ['enterpriseregistration.windows.net', 'ztd.dds.microsoft.com'] as const;

/** Claims of a device ticket (reference 01, 4.2; 06, D-A11). */
export interface DeviceTicket {
  readonly aud: string;
  /** HWDeviceID: `0018` + 12 upper-case hex. */
  readonly ddid: string;
  /** GlobalDeviceID: one per Windows installation. */
  readonly gdid: string;
  /** `ek_hash` of the identity, lower-case hex; null without a known EK. */
  readonly ekh: string | null;
  /** DeviceTpmKeyState when it was minted; 4 is attested. */
  readonly tks: number;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
}

export interface DeviceTicketExpectation {
  readonly authorities: AuthorityStore;
  readonly audiences: readonly string[];
  /** The time; a function where it depends on whose ticket it is. It is asked once the signature is known to be right. */
  readonly now: Date | ((ticket: DeviceTicket) => Promise<Date>);
}

/** The compact JWS of a ticket: `t=` in front and `&p=…` behind it are packaging (reference 06, D-A11). */
const compactOf = (ticket: string): string => ticket.trim().replace(/^t=/, '').split('&')[0] ?? '';

/** Verifies a device ticket of login.live.com with its issuer's public key: no call, no shared secret. Throws {@link DeviceTicketError}. */
export async function verifyDeviceTicket(ticket: string, { authorities, audiences, now }: DeviceTicketExpectation): Promise<DeviceTicket> {
  const { publicKey } = await authorities.get(msaTicket);
  const claims = await verified(compactOf(ticket), publicKey);
  if (!audiences.includes(claims.aud)) throw new DeviceTicketError('audience');
  const time = typeof now === 'function' ? await now(claims) : now;
  if (time.getTime() / 1000 >= claims.exp) throw new DeviceTicketError('expired');
  return claims;
}

async function verified(token: string, key: KeyObject): Promise<DeviceTicket> {
  try {
    return decodeTicket(await verifyJwt(token, { keyOf: () => key, algorithms: ['ES256'] }));
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    throw new DeviceTicketError(error.problem === 'malformed' ? 'malformed' : 'signature', { cause: error });
  }
}

function decodeTicket(claims: Readonly<Record<string, unknown>>): DeviceTicket {
  const { iss, aud, ddid, gdid, ekh, tks, iat, exp } = claims;
  if (iss !== 'login.live.com' || typeof aud !== 'string' || typeof ddid !== 'string' || typeof gdid !== 'string')
    throw new DeviceTicketError('malformed');
  if ((ekh !== null && typeof ekh !== 'string') || typeof tks !== 'number' || typeof iat !== 'number' || typeof exp !== 'number')
    throw new DeviceTicketError('malformed');
  return { aud, ddid, gdid, ekh, tks, iat, exp };
}
