import { type KeyObject } from 'node:crypto';
import { publicNumbers, sha256 } from './public-numbers.js';

/** `GET {host}{path}{id}`; the same path serves authorities by their serial number (reference 03, 1.4). */
export const AMD_EK_HOST = 'ftpm.amd.com';
export const AMD_EK_PATH = '/pki/aia/';

const RSA_PREFIX = Buffer.from('0000222200010001', 'hex');
const ECC_PREFIX = Buffer.from('00004444', 'hex');
const ID_BYTES = 16;

/** Lookup key: the first 16 bytes of a SHA-256, 32 lower-case hex. */
export function amdEkId(key: KeyObject): string {
  const numbers = publicNumbers(key);
  const hash = numbers.kind === 'rsa' ? sha256(RSA_PREFIX, numbers.modulus) : sha256(ECC_PREFIX, numbers.point);
  return hash.subarray(0, ID_BYTES).toString('hex');
}

/** The id of a path segment in lower case; undefined when it is none: clients differ in case. */
export const decodeAmdId = (segment: string): string | undefined => (/^[0-9a-f]{32}$/i.test(segment) ? segment.toLowerCase() : undefined);

export const amdEkPath = (key: KeyObject): string => AMD_EK_PATH + amdEkId(key);
