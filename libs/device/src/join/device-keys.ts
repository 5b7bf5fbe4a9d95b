import { rsaNumbers } from '@greenscreen/crypto/keys';
import { encodeTransportKey } from '@greenscreen/wire/drs';
import { type DsregContext } from './dsreg-context.js';
import { type TpmKey } from '../tpm/index.js';

/** The two keys of a registration, both in the TPM. */
export interface DeviceKeys {
  /** `dk`: of the device certificate. */
  readonly device: TpmKey;
  /** Unwraps session keys. */
  readonly transport: TpmKey;
}

/** Makes the keys of a join, before anything is asked of anyone (reference 06, D-A16). */
export async function createDeviceKeys({ tpm }: Pick<DsregContext, 'tpm'>): Promise<DeviceKeys> {
  const device = await tpm.createKey();
  return { device, transport: await tpm.createKey() };
}

/** Removes them for good: after a failed join, and with the registration. */
export async function evictDeviceKeys({ tpm }: Pick<DsregContext, 'tpm'>, { device, transport }: DeviceKeys): Promise<void> {
  await tpm.evict(device);
  await tpm.evict(transport);
}

/** A public key as joins and key registrations carry it: base64 CNG blob. */
export function keyBlob({ publicKey }: Pick<TpmKey, 'publicKey'>): string {
  const { modulus, exponent } = rsaNumbers(publicKey);
  return encodeTransportKey(modulus, exponent);
}
