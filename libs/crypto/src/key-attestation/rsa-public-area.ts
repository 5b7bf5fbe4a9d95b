import { createHash, type KeyObject } from 'node:crypto';
import { rsaPublicKey } from '../keys/index.js';
import { KeyAttestationError } from './error.js';
import { TpmReader } from './tpm-reader.js';

const ALG_RSA = 0x0001;
const ALG_NULL = 0x0010;
const nameHashes: Readonly<Record<number, string>> = { 0x0004: 'sha1', 0x000b: 'sha256', 0x000c: 'sha384', 0x000d: 'sha512' };

/** TPMA_OBJECT bits (TPM 2.0 Structures, 8.3). */
export const objectAttributes = {
  fixedTpm: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
};

/** A TPMT_PUBLIC of an RSA key (reference 03, 3.1). */
export interface RsaPublicArea {
  readonly attributes: number;
  readonly publicKey: KeyObject;
  /** Object Name: `nameAlg || H(TPMT_PUBLIC)`. */
  readonly name: Buffer;
}

/** Decodes a TPMT_PUBLIC (without the TPM2B size) and computes its Name over the bytes as they came. */
export function decodeRsaPublicArea(bytes: Buffer): RsaPublicArea {
  const reader = new TpmReader(bytes);
  if (reader.u16() !== ALG_RSA) throw new KeyAttestationError('not an RSA key');
  const nameAlg = reader.u16();
  const hash = nameHashes[nameAlg];
  if (hash === undefined) throw new KeyAttestationError('unknown name algorithm');
  const attributes = reader.u32();
  reader.sized(); // authPolicy
  if (reader.u16() !== ALG_NULL) reader.take(4); // symmetric: key bits, mode
  if (reader.u16() !== ALG_NULL) reader.take(2); // scheme: hash
  reader.u16(); // keyBits
  const exponent = reader.u32();
  const modulus = reader.sized();
  reader.end();
  const name = Buffer.concat([u16(nameAlg), createHash(hash).update(bytes).digest()]);
  return { attributes, publicKey: keyOf(modulus, exponent), name };
}

/** Exponent 0 stands for 65537. */
function keyOf(modulus: Buffer, exponent: number): KeyObject {
  try {
    return rsaPublicKey(modulus, exponent === 0 ? undefined : u32(exponent));
  } catch {
    throw new KeyAttestationError('the numbers are no RSA key');
  }
}

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
