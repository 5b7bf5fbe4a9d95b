import { createHash, type KeyObject } from 'node:crypto';
import { decodeDer, asSequence, asBits, bits, bool, bmp, type Der, explicit, implicit, int, octets, oid, seq } from '../../der/index.js';
import { spkiOf } from '../../keys/index.js';
import { encodeName, type Name } from '../name.js';

/** A certificate extension; `value` is what goes inside the OCTET STRING. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
  /** Writes `critical FALSE`, which DER leaves out: real EK certificates do (reference 03, 1.7). */
  readonly explicitDefault?: boolean;
}

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectDirectoryAttributes: '2.5.29.9',
} as const;

export const ekuOids = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;

/** `CA:FALSE` is the empty sequence `30 00`. */
export const basicConstraints = (ca: boolean, pathLength?: number): Extension => ({
  oid: extensionOids.basicConstraints,
  critical: true,
  value: ca ? seq(bool(true), ...(pathLength === undefined ? [] : [int(pathLength)])) : seq(),
});

/** Bit numbers of KeyUsage (RFC 5280, 4.2.1.3). */
export const usageBits = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

export function keyUsage(usages: readonly (keyof typeof usageBits)[], critical = true): Extension {
  const byte = usages.reduce((sum, usage) => sum | (0x80 >> usageBits[usage]), 0);
  const highest = Math.max(...usages.map((usage) => usageBits[usage]));
  return { oid: extensionOids.keyUsage, critical, value: bits(Buffer.from([byte]), 7 - highest) };
}

export const extendedKeyUsage = (purposes: readonly string[], critical = false): Extension => ({
  oid: extensionOids.extKeyUsage,
  critical,
  value: seq(...purposes.map(oid)),
});

/** SHA-1 of the key inside the SubjectPublicKeyInfo (the PKCS#1 RSAPublicKey, or the point). */
export const keyIdentifier = (spki: Buffer): Buffer =>
  createHash('sha1')
    .update(asBits(asSequence(decodeDer(spki))[1]))
    .digest();

const spkiBytes = (key: KeyObject | Buffer): Buffer => (Buffer.isBuffer(key) ? key : spkiOf(key));

export const subjectKeyIdentifier = (key: KeyObject | Buffer): Extension => ({
  oid: extensionOids.subjectKeyIdentifier,
  critical: false,
  value: octets(keyIdentifier(spkiBytes(key))),
});
/** keyIdentifier only. */
export const authorityKeyIdentifier = (key: KeyObject | Buffer): Extension => ({
  oid: extensionOids.authorityKeyIdentifier,
  critical: false,
  value: seq(implicit(0, keyIdentifier(spkiBytes(key)))),
});

export const dnsNames = (names: readonly string[], critical = false): Extension => ({
  oid: extensionOids.subjectAltName,
  critical,
  value: seq(...names.map((name) => implicit(2, Buffer.from(name, 'latin1')))),
});
/** One directoryName `[4]`. */
export const directoryNameValue = (name: Name): Buffer => seq(explicit(4, encodeName(name)));

/** caIssuers by URL. */
export const authorityInfoAccess = (url: string): Extension => ({
  oid: extensionOids.authorityInfoAccess,
  critical: false,
  value: seq(seq(oid('1.3.6.1.5.5.7.48.2'), implicit(6, Buffer.from(url, 'latin1')))),
});
/** `crlIssuer`: DER of the name of whoever signs the list, when that is not the certificate's issuer (an indirect CRL). */
export const crlDistributionPoint = (url: string, crlIssuer?: Der): Extension => ({
  oid: extensionOids.cRLDistributionPoints,
  critical: false,
  value: seq(
    seq(explicit(0, explicit(0, implicit(6, Buffer.from(url, 'latin1')))), ...(crlIssuer ? [explicit(2, explicit(4, crlIssuer))] : [])),
  ),
});

/** Policies by OID; a notice becomes a userNotice with a BMPString explicitText. */
export const certificatePolicies = (policies: readonly { oid: string; notice?: string }[], critical: boolean): Extension => ({
  oid: extensionOids.certificatePolicies,
  critical,
  value: seq(
    ...policies.map(({ oid: id, notice }) =>
      seq(oid(id), ...(notice === undefined ? [] : [seq(seq(oid('1.3.6.1.5.5.7.2.2'), seq(bmp(notice))))])),
    ),
  ),
});

/** Names that certificates below may carry: host names under these DNS subtrees, and nothing else of that kind. */
export const permittedDnsSubtrees = (subtrees: readonly string[]): Extension => ({
  oid: extensionOids.nameConstraints,
  critical: true,
  value: seq(explicit(0, ...subtrees.map((subtree) => seq(implicit(2, Buffer.from(subtree, 'latin1')))))),
});

export const encodeExtension = ({ oid: id, critical, value, explicitDefault = false }: Extension): Der =>
  seq(oid(id), ...(critical || explicitDefault ? [bool(critical)] : []), octets(value));
