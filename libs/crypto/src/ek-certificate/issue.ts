import { type KeyObject } from 'node:crypto';
import { tcgOids } from '@greenscreen/wire/scep';
import { int, oid, seq, set, utf8 } from '../der/index.js';
import { spkiOf } from '../keys/index.js';
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  commonName,
  crlDistributionPoint,
  encodeName,
  type Extension,
  extendedKeyUsage,
  extensionOids,
  issueCertificate,
  keyUsage,
  knownCertificate,
} from '../x509/index.js';
import { encodeTpmIdentity, type TpmIdentity } from './tpm-identity.js';

/** Ways in which real EK certificates are unlike each other; all of them are accepted (reference 03, 1.7). */
export interface EkCertificateQuirks {
  /** One RDN with all three attributes (Nuvoton). */
  readonly multiValuedName?: boolean;
  /** `critical FALSE` spelt out (Intel, AMD). Strict DER parsers refuse it. */
  readonly explicitDefaults?: boolean;
  /** A common name where others have none (swtpm). */
  readonly subject?: string;
}

export interface EkCertificateRequest {
  readonly identity: TpmIdentity;
  readonly ek: KeyObject;
  readonly serial: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The vendor's authority (hold on to the Buffer, it is decoded once). */
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  /** Where the issuer's certificate and CRL are published. */
  readonly issuerUrl?: string;
  readonly crlUrl?: string;
  /** DER of the name of whoever signs that CRL, when it is another authority (Intel's on-die parts). */
  readonly crlIssuer?: Buffer;
  readonly quirks?: EkCertificateQuirks;
}

/** Specification family 2.0, level 0, revision 1.38. */
const SPECIFICATION = { family: '2.0', level: 0, revision: 138 };

const specification = (): Extension => ({
  oid: extensionOids.subjectDirectoryAttributes,
  critical: false,
  value: seq(
    seq(oid(tcgOids.tpmSpecification), set(seq(utf8(SPECIFICATION.family), int(SPECIFICATION.level), int(SPECIFICATION.revision)))),
  ),
});

/** An EK certificate as TPM vendors issue them, DER. */
export function issueEkCertificate(request: EkCertificateRequest): Buffer {
  const { identity, ek, issuer, issuerUrl, crlUrl, crlIssuer, quirks = {} } = request;
  const authority = knownCertificate(issuer.certificate);
  const extensions: Extension[] = [
    { oid: extensionOids.subjectAltName, critical: true, value: encodeTpmIdentity(identity, quirks.multiValuedName) },
    keyUsage([ek.asymmetricKeyType === 'rsa' ? 'keyEncipherment' : 'keyAgreement']),
    basicConstraints(false),
    extendedKeyUsage([tcgOids.ekCertificate]),
    specification(),
    authorityKeyIdentifier(authority.spki),
    ...(issuerUrl === undefined ? [] : [authorityInfoAccess(issuerUrl)]),
    ...(crlUrl === undefined ? [] : [crlDistributionPoint(crlUrl, crlIssuer)]),
  ];
  return issueCertificate({
    serial: request.serial,
    issuer: authority.subject.raw,
    subject: quirks.subject === undefined ? encodeName([]) : commonName(quirks.subject, 'utf8'),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: spkiOf(ek),
    signingKey: issuer.privateKey,
    extensions: quirks.explicitDefaults
      ? extensions.map((extension) => ({ ...extension, explicitDefault: !extension.critical }))
      : extensions,
  });
}
