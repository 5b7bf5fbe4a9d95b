import { constants, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { int, seq } from '../der/index.js';
import { KeyError, keyGuard } from './error.js';

/** Smaller ones are no keys but mistakes; which sizes are accepted is for each protocol to say. */
const SMALLEST_MODULUS_BITS = 512;
const F4 = Buffer.from([1, 0, 1]);

/** An RSA key from its PKCS#1 RSAPublicKey. Thirty times faster in OpenSSL 3 than through the SubjectPublicKeyInfo. */
export function rsaFromPkcs1(der: Buffer): KeyObject {
  const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < SMALLEST_MODULUS_BITS) throw new KeyError('RSA modulus too small');
  return key;
}

/** Modulus (big endian, unsigned, padded to the key's size in bytes) and exponent (big endian, shortest form) of an RSA key. */
export function rsaNumbers(key: KeyObject): { modulus: Buffer; exponent: Buffer } {
  const { n, e } = key.type === 'secret' ? {} : key.export({ format: 'jwk' });
  if (!n || !e) throw new KeyError('not an RSA key');
  return { modulus: Buffer.from(n, 'base64url'), exponent: Buffer.from(e, 'base64url') };
}

/** An RSA public key from its numbers, big endian; e = 65537 unless given. */
export const rsaPublicKey = (modulus: Buffer, exponent: Buffer = F4): KeyObject =>
  keyGuard('RSA key', () => rsaFromPkcs1(seq(int(modulus), int(exponent))));

/**
 * RSAES-PKCS1-v1_5. Node 20 refuses this padding in privateDecrypt, so the block is opened raw and the padding taken off here; all ways in
 * which it can be wrong look the same to the caller.
 */
export function rsaDecryptPkcs1(key: KeyObject, data: Buffer): Buffer {
  return keyGuard('RSA ciphertext', () => {
    const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, data);
    const separator = block.indexOf(0, 2);
    // At least eight bytes of padding (RFC 8017, 7.2.2).
    if (block[0] !== 0 || block[1] !== 2 || separator < 10) throw new TypeError('wrong padding');
    return block.subarray(separator + 1);
  });
}
