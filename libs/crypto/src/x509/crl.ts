import { type KeyObject } from 'node:crypto';
import { bits, explicit, int, seq, time } from '../der/index.js';
import { knownCertificate } from './decode.js';
import { authorityKeyIdentifier, encodeExtension } from './extensions/index.js';
import { signatureAlgorithm, signWith } from './signature.js';

const CRL_NUMBER = '2.5.29.20';

export interface RevokedCertificate {
  /** Serial number: unsigned, big endian. */
  readonly serial: Buffer;
  readonly at: Date;
}

export interface CrlTemplate {
  /** The authority: its certificate (hold on to the Buffer, it is decoded once) and key. */
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Grows with each list of an authority. */
  readonly number: number;
  readonly revoked: readonly RevokedCertificate[];
}

/** A version 2 CRL, DER (RFC 5280, section 5). */
export function issueCrl({ issuer, thisUpdate, nextUpdate, number, revoked }: CrlTemplate): Buffer {
  const authority = knownCertificate(issuer.certificate);
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const entries = revoked.map(({ serial, at }) => seq(int(serial), time(at)));
  const extensions = [
    encodeExtension(authorityKeyIdentifier(authority.spki)),
    encodeExtension({ oid: CRL_NUMBER, critical: false, value: int(number) }),
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
