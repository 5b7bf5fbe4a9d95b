import { createPublicKey, type KeyObject } from 'node:crypto';
import { asBitBytes, asOid, asSequence, bits, decodeDer, int, nul, oid, seq } from '../der/index.js';
import { KeyError, keyGuard } from './error.js';
import { rsaFromPkcs1, rsaNumbers } from './rsa.js';

export const keyOids = {
  rsaEncryption: '1.2.840.113549.1.1.1',
  /** EK certificates of old parts name the padding instead of the key (reference 03, 1.7). */
  rsaesOaep: '1.2.840.113549.1.1.7',
} as const;

/** Keys by their bytes: the same certificate comes with every request of a session. */
const parsed = new Map<string, KeyObject>();
const KEPT = 256;

/** A public key from its SubjectPublicKeyInfo, DER. RSA of either identifier, EC, and what else node:crypto knows. */
export function publicKeyFromSpki(der: Buffer): KeyObject {
  const id = der.toString('latin1');
  const known = parsed.get(id);
  if (known) return known;
  const key = keyGuard('SubjectPublicKeyInfo', () => parse(der));
  const [oldest] = parsed.keys();
  if (parsed.size >= KEPT && oldest !== undefined) parsed.delete(oldest);
  parsed.set(id, key);
  return key;
}

function parse(der: Buffer): KeyObject {
  const [algorithm, key] = asSequence(decodeDer(der));
  const id = asOid(asSequence(algorithm)[0]);
  return id === keyOids.rsaEncryption || id === keyOids.rsaesOaep
    ? rsaFromPkcs1(asBitBytes(key))
    : createPublicKey({ key: der, format: 'der', type: 'spki' });
}

const exported = new WeakMap<KeyObject, Buffer>();

/** SubjectPublicKeyInfo of a public key, DER. The same buffer for the same key: not to be changed. */
export function spkiOf(key: KeyObject): Buffer {
  const known = exported.get(key);
  if (known) return known;
  if (key.type !== 'public') throw new KeyError('not a public key');
  const der = key.asymmetricKeyType === 'rsa' ? rsaSpki(key) : key.export({ format: 'der', type: 'spki' });
  exported.set(key, der);
  return der;
}

function rsaSpki(key: KeyObject): Buffer {
  const { modulus, exponent } = rsaNumbers(key);
  return seq(seq(oid(keyOids.rsaEncryption), nul()), bits(seq(int(modulus), int(exponent))));
}
