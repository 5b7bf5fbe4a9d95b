import { constants, createPrivateKey, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';

export const privateKeyFromPkcs8 = (der: Buffer): KeyObject => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
export const publicKeyFromSpki = (der: Buffer): KeyObject => createPublicKey({ key: der, format: 'der', type: 'spki' });

/** SubjectPublicKeyInfo, DER. */
export const spkiOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

/** Modulus (big endian, padded to the key's size) and exponent of an RSA key. */
export function rsaNumbers(key: KeyObject): { modulus: Buffer; exponent: Buffer } {
  const { n, e } = key.export({ format: 'jwk' });
  if (!n || !e) throw new TypeError('not an RSA key');
  const modulus = Buffer.from(n, 'base64url');
  const size = (key.asymmetricKeyDetails?.modulusLength ?? modulus.length * 8) / 8;
  return { modulus: Buffer.concat([Buffer.alloc(Math.max(0, size - modulus.length)), modulus]), exponent: Buffer.from(e, 'base64url') };
}

/** An RSA public key from its numbers, big endian; e = 65537 unless given. */
export function rsaPublicKey(modulus: Buffer, exponent: Buffer = Buffer.from([1, 0, 1])): KeyObject {
  return createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') }, format: 'jwk' });
}

export type EcCurve = 'P-256' | 'P-384' | 'P-521';

/** Coordinates padded to the field size. */
export function ecPoint(key: KeyObject): { curve: EcCurve; x: Buffer; y: Buffer } {
  const { crv, x, y } = key.export({ format: 'jwk' });
  if (!x || !y || (crv !== 'P-256' && crv !== 'P-384' && crv !== 'P-521')) throw new TypeError('not an EC key of a NIST curve');
  return { curve: crv, x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

export function ecPublicKey(curve: EcCurve, x: Buffer, y: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'EC', crv: curve, x: x.toString('base64url'), y: y.toString('base64url') }, format: 'jwk' });
}

/**
 * RSAES-PKCS1-v1_5. Node 20 refuses this padding in privateDecrypt, so the block is opened raw and the padding taken off here; all ways in
 * which it can be wrong look the same to the caller.
 */
export function rsaDecryptPkcs1(key: KeyObject, data: Buffer): Buffer {
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, data);
  const separator = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || separator < 10) throw new Error('RSA decryption failed');
  return block.subarray(separator + 1);
}
