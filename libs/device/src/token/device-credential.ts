import { type DigestSigner, signCompactJws } from '@greenscreen/crypto/jose';
import { type DeviceContext } from '../context/index.js';

/** The device certificate with its key, which may be in the TPM. */
export interface DeviceCredential {
  /** DER. */
  readonly certificate: Buffer;
  readonly signDigest: DigestSigner;
}

/** A request signed with the device certificate's key (reference 02, 7.1): RS256 with the certificate in `x5c`. */
export const signWithDevice = (
  { certificate, signDigest }: DeviceCredential,
  payload: Readonly<Record<string, unknown>>,
): Promise<string> => signCompactJws({ alg: 'RS256', typ: 'JWT', x5c: certificate.toString('base64'), kdf_ver: 2 }, payload, signDigest);

/** `win_ver` of a request: `10.0.26100.2454`. */
export const winVer = ({ traits }: Pick<DeviceContext, 'traits'>): string => `10.0.${traits.osBuild}`;
