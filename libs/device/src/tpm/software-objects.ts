import { constants, type KeyObject, privateDecrypt, privateEncrypt, sign } from 'node:crypto';
import { ecPoint, rsaNumbers } from '@greenscreen/crypto/keys';
import { encodePublicArea, encodeTpmSignature, type PublicArea, tpmHashes } from '@greenscreen/wire/tpm';
import { TpmError, type TpmKey } from './tpm.js';

/** Return codes that the real commands give here [verified with swtpm]. */
export const returnCodes = {
  failure: 0x101,
  authUnavailable: 0x124,
  attributes: 0x182,
  noFirstObject: 0x18b,
  noSecondObject: 0x28b,
  size: 0x95,
  firstSize: 0x1d5,
  secondSize: 0x2da,
  integrity: 0x1df,
  ticket: 0x2a0,
  seedValue: 0x2c4,
  scheme: 0x2d2,
  point: 0x2e7,
} as const;

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** A key inside the TPM of software. */
export interface SoftwareObject {
  readonly key: TpmKey;
  readonly privateKey: KeyObject;
  /** Hash of the key's own scheme: such a key is restricted and signs statements only. Undefined where each use chooses one. */
  readonly hash: Hash | undefined;
  readonly qualifiedName: Buffer;
}

/** A template with the numbers of a key in it. TPMT_PUBLIC. */
export function publicAreaOf(template: PublicArea, key: KeyObject): Buffer {
  if (template.type === 'rsa') return encodePublicArea({ ...template, modulus: rsaNumbers(key).modulus });
  const { x, y } = ecPoint(key);
  return encodePublicArea({ ...template, x, y });
}

export const schemeHash = ({ scheme }: PublicArea): Hash | undefined => (scheme?.hash === undefined ? undefined : tpmHashes[scheme.hash]);

/** Signs a TPMS_ATTEST by the key's own scheme. TPMT_SIGNATURE. */
export function signStatement({ privateKey, hash }: SoftwareObject, attest: Buffer): Buffer {
  if (!hash) throw new TpmError(returnCodes.scheme, 'The key has no scheme of its own');
  return encodeTpmSignature({ scheme: 'rsassa', hash, signature: sign(hash, attest, privateKey) });
}

/** DigestInfo of a SHA-256 digest, up to the digest (RFC 8017, 9.2). */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const DIGEST_BYTES = 32;

/** RSASSA-PKCS1-v1_5 over a digest that is there already: what TPM2_Sign does. */
export function signDigest({ privateKey, hash }: SoftwareObject, sha256: Buffer): Buffer {
  if (hash) throw new TpmError(returnCodes.scheme, 'A restricted key signs only what the TPM made');
  if (sha256.length !== DIGEST_BYTES) throw new TpmError(returnCodes.firstSize, 'Not a SHA-256 digest');
  return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA256_PREFIX, sha256]));
}

/** TPM2_RSA_Decrypt, OAEP with SHA-1. */
export function decryptWith({ key, privateKey, hash }: SoftwareObject, ciphertext: Buffer): Buffer {
  if (hash) throw new TpmError(returnCodes.attributes, 'The key does not decrypt');
  const size = (key.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (ciphertext.length !== size) throw new TpmError(returnCodes.size, 'The ciphertext has another size than the key');
  try {
    return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, ciphertext);
  } catch (error) {
    throw new TpmError(returnCodes.failure, 'The ciphertext is not for this key', { cause: error });
  }
}
