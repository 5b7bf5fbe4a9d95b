import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, type Der, explicit, int, nul, oid, seq, time } from '../der/index.js';
import { spkiOf } from '../keys/index.js';
import { encodeExtension, type Extension } from './extensions/index.js';
import { encodeName, type Name } from './name.js';

export const signatureOids = {
  rsaSha256: '1.2.840.113549.1.1.11',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  ecdsaSha384: '1.2.840.10045.4.3.3',
} as const;

export interface CertificateTemplate {
  /** Big endian; 16 random bytes unless given. Always written as a positive INTEGER. */
  readonly serial?: Buffer;
  /** DER of a Name, or a Name. */
  readonly issuer: Name | Der;
  readonly subject: Name | Der;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A key, or its SubjectPublicKeyInfo. */
  readonly publicKey: KeyObject | Buffer;
  readonly extensions: readonly Extension[];
  readonly signingKey: KeyObject;
}

/** 16 random bytes, positive. */
export function randomSerial(length = 16): Buffer {
  const serial = randomBytes(length);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

const nameDer = (name: Name | Der): Der => (Buffer.isBuffer(name) ? name : encodeName(name));

/** A signed X.509 v3 certificate, DER. Costs one signature by node:crypto. */
export function issueCertificate(template: CertificateTemplate): Buffer {
  const algorithm = signatureAlgorithm(template.signingKey);
  const tbs = seq(
    explicit(0, int(2)),
    int(template.serial ?? randomSerial()),
    algorithm.identifier,
    nameDer(template.issuer),
    seq(time(template.notBefore), time(template.notAfter)),
    nameDer(template.subject),
    Buffer.isBuffer(template.publicKey) ? template.publicKey : spkiOf(template.publicKey),
    ...(template.extensions.length > 0 ? [explicit(3, seq(...template.extensions.map(encodeExtension)))] : []),
  );
  return seq(tbs, algorithm.identifier, bits(sign(algorithm.hash, tbs, template.signingKey)));
}

/** AlgorithmIdentifier and hash that go with a signing key. */
export function signatureAlgorithm(key: KeyObject): { identifier: Der; hash: 'sha256' | 'sha384' } {
  if (key.asymmetricKeyType === 'rsa') return { identifier: seq(oid(signatureOids.rsaSha256), nul()), hash: 'sha256' };
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
    ? { identifier: seq(oid(signatureOids.ecdsaSha384)), hash: 'sha384' }
    : { identifier: seq(oid(signatureOids.ecdsaSha256)), hash: 'sha256' };
}

/** SHA-1 of the DER, upper-case hex without separators. */
export const thumbprint = (der: Buffer): string => createHash('sha1').update(der).digest('hex').toUpperCase();

export const toPem = (der: Buffer, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`;
