import { type KeyObject, randomBytes } from 'node:crypto';
import { bits, type Der, explicit, int, seq, signedInt, time } from '../der/index.js';
import { spkiOf } from '../keys/index.js';
import { encodeExtension, type Extension } from './extensions/index.js';
import { encodeName, type Name } from './name.js';
import { type Hash, signatureAlgorithm, signWith } from './signature.js';

export interface CertificateTemplate {
  /** Unsigned, big endian; 16 random bytes unless given. With `signed`, the two's-complement content as it is to stand. */
  readonly serial?: Buffer | { readonly signed: Buffer };
  /** DER of a Name, or a Name. */
  readonly issuer: Name | Der;
  readonly subject: Name | Der;
  /** Both to the second; what is finer is cut off. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A key, or its SubjectPublicKeyInfo. */
  readonly publicKey: KeyObject | Buffer;
  /** In this order; values are taken as they are, DER or not. */
  readonly extensions: readonly Extension[];
  readonly signingKey: KeyObject;
  /** SHA-256, and SHA-384 under a P-384 key, unless given. */
  readonly hash?: Hash;
}

/** Random bytes whose INTEGER is positive and exactly as long: no sign byte, no leading zero. */
export function randomSerial(length = 16): Buffer {
  const serial = randomBytes(length);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

const nameDer = (name: Name | Der): Der => (Buffer.isBuffer(name) ? name : encodeName(name));

const serialDer = (serial: CertificateTemplate['serial']): Der => {
  if (serial === undefined) return int(randomSerial());
  return Buffer.isBuffer(serial) ? int(serial) : signedInt(serial.signed);
};

/** A signed X.509 v3 certificate, DER. Costs one signature by node:crypto. */
export function issueCertificate(template: CertificateTemplate): Buffer {
  const algorithm = signatureAlgorithm(template.signingKey, template.hash);
  const tbs = seq(
    explicit(0, int(2)),
    serialDer(template.serial),
    algorithm.identifier,
    nameDer(template.issuer),
    seq(time(template.notBefore), time(template.notAfter)),
    nameDer(template.subject),
    Buffer.isBuffer(template.publicKey) ? template.publicKey : spkiOf(template.publicKey),
    ...(template.extensions.length > 0 ? [explicit(3, seq(...template.extensions.map(encodeExtension)))] : []),
  );
  return seq(tbs, algorithm.identifier, bits(signWith(algorithm, tbs, template.signingKey)));
}
