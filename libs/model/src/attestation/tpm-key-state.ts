import { type EntityManager, IsNull, MoreThanOrEqual } from 'typeorm';
import { AikCertificate } from './aik-certificate.entity.js';
import { EkRevocation } from './ek-certificate.entity.js';

/** MSA key states of a device's TPM that the cloud derives (reference 01, 4.1; 06, D-A6). */
const states = { software: 2, unattested: 3, attested: 4, revoked: 5 } as const;
export type TpmKeyState = (typeof states)[keyof typeof states];

/**
 * DeviceTpmKeyState: 5 for a revoked EK, 4 when an unrevoked AIK certificate was issued for it at or after `since` (when the device's
 * account was made), 3 for any other EK, 2 without one.
 */
export async function deviceTpmKeyState(em: EntityManager, ekHash: string | null, since: Date): Promise<TpmKeyState> {
  if (ekHash === null) return states.software;
  if (await em.existsBy(EkRevocation, { ekHash })) return states.revoked;
  const attested = await em.existsBy(AikCertificate, { ekHash, issuedAt: MoreThanOrEqual(since), revokedAt: IsNull() });
  return attested ? states.attested : states.unattested;
}
