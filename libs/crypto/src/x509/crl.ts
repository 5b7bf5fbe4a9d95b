import { type KeyObject } from 'node:crypto';
import { bits, explicit, implicit, int, seq, time } from '../der/index.js';
import { knownCertificate } from './decode.js';
import { authorityKeyIdentifier, encodeExtension, type Extension } from './extensions/index.js';
import { signatureAlgorithm, signWith } from './signature.js';

const CRL_NUMBER = '2.5.29.20';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const CERTIFICATE_ISSUER = '2.5.29.29';

export interface RevokedCertificate {
  /** Serial number: unsigned, big endian. */
  readonly serial: Buffer;
  readonly at: Date;
  /** DER of the name of its issuer, on a list for several: an indirect CRL. */
  readonly issuer?: Buffer;
}

export interface CrlTemplate {
  /** The authority: its certificate (hold on to the Buffer, it is decoded once) and key. */
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Address of an indirect list: one that names certificates of other issuers (RFC 5280, 5.2.5). */
  readonly indirect?: string;
  /** Grows with each list of an authority. */
  readonly number: number;
  readonly revoked: readonly RevokedCertificate[];
}

/** A version 2 CRL, DER (RFC 5280, section 5). */
export function issueCrl({ issuer, thisUpdate, nextUpdate, number, revoked, indirect }: CrlTemplate): Buffer {
  const authority = knownCertificate(issuer.certificate);
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const entries = revoked.map((entry) => seq(int(entry.serial), time(entry.at), ...entryExtensions(entry)));
  const extensions = [
    encodeExtension(authorityKeyIdentifier(authority.spki)),
    encodeExtension({ oid: CRL_NUMBER, critical: false, value: int(number) }),
    ...(indirect === undefined ? [] : [encodeExtension(indirectPoint(indirect))]),
  ];
  const list = seq(
    int(1),
    algorithm.identifier,
    authority.subject.raw,
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length > 0 ? [seq(...entries)] : []),
    explicit(0, seq(...extensions)),
  );
  return seq(list, algorithm.identifier, bits(signWith(algorithm, list, issuer.privateKey)));
}

const entryExtensions = ({ issuer }: RevokedCertificate): Buffer[] =>
  issuer ? [seq(encodeExtension({ oid: CERTIFICATE_ISSUER, critical: true, value: seq(explicit(4, issuer)) }))] : [];

/** The address, and that the list is indirect. */
const indirectPoint = (url: string): Extension => ({
  oid: ISSUING_DISTRIBUTION_POINT,
  critical: true,
  value: seq(explicit(0, explicit(0, implicit(6, Buffer.from(url, 'latin1')))), implicit(4, Buffer.from([0xff]))),
});
