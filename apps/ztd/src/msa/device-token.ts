import { JoseError, signJwt, verifyJwt } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket } from '@greenscreen/host/authority/definitions';
import { Fault } from '@greenscreen/host/faults';
import { DEVICE_TOKEN_ADDRESS } from '@greenscreen/wire/msa';
import { ticketKey } from './signing-key.js';

/** The device's own token: opaque to it, so that a signed name will do; its audience keeps it from being a ticket. */
export interface DeviceToken {
  readonly membername: string;
  readonly expires: Date;
}

export async function sealDeviceToken(authorities: AuthorityStore, { membername, expires }: DeviceToken): Promise<string> {
  const claims = { iss: 'login.live.com', aud: DEVICE_TOKEN_ADDRESS, sub: membername, exp: Math.floor(expires.getTime() / 1000) };
  return Buffer.from(await signJwt(claims, await ticketKey(authorities)), 'ascii').toString('base64');
}

/** Throws `msa.InvalidDeviceToken`. Whether it is still good depends on whose time counts, which the caller finds out by the name. */
export async function openDeviceToken(authorities: AuthorityStore, token: string): Promise<DeviceToken> {
  const { publicKey } = await authorities.get(msaTicket);
  const { aud, sub, exp } = await claimsOf(Buffer.from(token, 'base64').toString('ascii'));
  if (aud !== DEVICE_TOKEN_ADDRESS || typeof sub !== 'string' || typeof exp !== 'number') throw new Fault('msa.InvalidDeviceToken');
  return { membername: sub, expires: new Date(exp * 1000) };

  async function claimsOf(jws: string): Promise<Readonly<Record<string, unknown>>> {
    try {
      return await verifyJwt(jws, { keyOf: () => publicKey, algorithms: ['ES256'] });
    } catch (error) {
      if (error instanceof JoseError) throw new Fault('msa.InvalidDeviceToken', {}, { cause: error });
      throw error;
    }
  }
}
