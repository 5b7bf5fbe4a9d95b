import { type KeyObject } from 'node:crypto';
import { EkServiceError } from './error.js';
import { publicNumbers, sha256 } from './public-numbers.js';

/** `GET {host}{path}{hash}` (reference 03, 1.3). */
export const INTEL_EK_HOST = 'ekop.intel.com';
export const INTEL_EK_PATH = '/ekcertservice/';

const EXPONENT = Buffer.from([1, 0, 1]);

/** Lookup key: base64url, with padding, of SHA-256 over modulus and exponent, or over x and y. Percent-encode it in a path. */
export function intelEkHash(key: KeyObject): string {
  const numbers = publicNumbers(key);
  const hash = numbers.kind === 'rsa' ? sha256(numbers.modulus, EXPONENT) : sha256(numbers.point);
  return padded(hash);
}

/** base64url, but padded: the service's spelling. */
const padded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** Path of a key's certificate, `=` as `%3D`: the real service answers 403 to a bare one. */
export const intelEkPath = (key: KeyObject): string => INTEL_EK_PATH + encodeURIComponent(intelEkHash(key));

/**
 * Body of an answer. Clients search it as text: no blanks, these keys in this order, one LF at the end (reference 03, 1.3 [client:
 * tpm2-tools]).
 */
export const encodeIntelAnswer = (hash: string, certificate: Buffer): string =>
  `{"pubhash":"${encodeURIComponent(hash)}","certificate":"${encodeURIComponent(padded(certificate))}"}\n`;

/** DER of the certificate in an answer. Throws {@link EkServiceError}. */
export function decodeIntelAnswer(body: Buffer): Buffer {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const text: unknown = typeof value === 'object' && value !== null && 'certificate' in value ? value.certificate : undefined;
    if (typeof text !== 'string' || text === '') throw new EkServiceError('no certificate in the answer');
    return Buffer.from(decodeURIComponent(text), 'base64url');
  } catch (error) {
    if (error instanceof EkServiceError) throw error;
    throw new EkServiceError('not an answer of the Intel service', { cause: error });
  }
}
