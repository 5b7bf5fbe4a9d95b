import { createPrivateKey, type KeyObject } from 'node:crypto';
import { asOctets, asOid, asSequence, decodeDer } from '../der/index.js';
import { keyGuard } from './error.js';
import { keyOids } from './spki.js';

/** A private key from its PKCS#8 PrivateKeyInfo, DER, not encrypted. */
export const privateKeyFromPkcs8 = (der: Buffer): KeyObject =>
  keyGuard('PKCS#8 private key', () => {
    const [, algorithm, key] = asSequence(decodeDer(der));
    // OpenSSL 3 reads an RSA key many times faster from its inner form.
    return asOid(asSequence(algorithm)[0]) === keyOids.rsaEncryption
      ? createPrivateKey({ key: asOctets(key), format: 'der', type: 'pkcs1' })
      : createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  });

/** PKCS#8 PrivateKeyInfo, DER. */
export const pkcs8Of = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'pkcs8' });
