import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Counts operations with RSA private keys in this process: the expensive part of what the services do. To be imported before anything that
 * signs. Replaces what node:crypto exports, and WebCrypto's methods, by functions that count.
 */
let operations = 0;

export const privateKeyOperations = (): number => operations;

/** Whether an argument is an RSA key: a KeyObject, an options object around one, or WebCrypto's. */
function isRsa(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  if ('asymmetricKeyType' in given) return given.asymmetricKeyType === 'rsa';
  if ('algorithm' in given) return JSON.stringify(given.algorithm).includes('"RSA');
  return 'key' in given && isRsa(given.key);
}

/** `keyAt`: which argument is the key. */
function count(owner: object, name: string, keyAt: number): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new Error(`node:crypto has no ${name}`);
  Reflect.set(owner, name, function (this: unknown, ...given: unknown[]): unknown {
    if (isRsa(given[keyAt])) operations += 1;
    const result: unknown = Reflect.apply(original, this, given);
    return result;
  });
}

count(crypto, 'sign', 2);
count(crypto, 'privateDecrypt', 0);
count(crypto, 'privateEncrypt', 0);
count(crypto.Sign.prototype, 'sign', 0);
const subtle = Reflect.getPrototypeOf(crypto.webcrypto.subtle) ?? {};
for (const name of ['sign', 'decrypt']) count(subtle, name, 1);
syncBuiltinESMExports();
