import { signJwt } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { type DeviceTicket } from '@greenscreen/host/identity';
import { injectedDefect } from '@greenscreen/host/injection';
import { ticketKey } from './signing-key.js';

/** 24 hours (reference 06, D-A11). */
export const TICKET_LIFETIME_MS = 86_400_000;

/** Host of an `AppliesTo` address; scheme, port, path and case do not count (reference 06, D-A11). */
export function audienceOf(address: string): string {
  const [, authority = address] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(address) ?? [];
  return (authority.split(/[/?#]/)[0] ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** `t=` and a compact JWS. A fault may ask for one that is out of date, of another device, for another service, or lacks claims. */
export async function mintTicket(authorities: AuthorityStore, ticket: DeviceTicket): Promise<string> {
  const { aud = ticket.aud, ddid = ticket.ddid, exp, drop = [] } = injectedDefect('token') ?? {};
  const claims = { iss: 'login.live.com', ...ticket, aud, ddid, exp: exp === undefined ? ticket.exp : ticket.iat + exp };
  const kept = Object.entries(claims).filter(([name]) => !drop.includes(name));
  return `t=${await signJwt(Object.fromEntries(kept), await ticketKey(authorities))}`;
}
