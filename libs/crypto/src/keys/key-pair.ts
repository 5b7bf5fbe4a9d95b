import { generateKeyPair as generate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export type KeyAlgorithm = 'rsa1024' | 'rsa2048' | 'rsa3072' | 'rsa4096' | 'ec-p256' | 'ec-p384';

export interface KeyPair {
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const make = promisify(generate);

/** A new key pair, made in the thread pool: RSA takes 40 to 3,000 ms and must not hold the event loop. */
export async function generateKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  const pair = algorithm.startsWith('rsa')
    ? await make('rsa', { modulusLength: Number(algorithm.slice(3)) })
    : await make('ec', { namedCurve: algorithm === 'ec-p256' ? 'P-256' : 'P-384' });
  return { algorithm, ...pair };
}
