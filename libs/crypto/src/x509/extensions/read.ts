import {
  asBits,
  asBoolean,
  asInteger,
  asOctets,
  asOid,
  asSequence,
  contextMember,
  decodeDer,
  type DerNode,
  tagClasses,
  tags,
} from '../../der/index.js';
import { type Certificate } from '../decode.js';
import { certificateGuard } from '../error.js';
import { extensionOids, usageBits } from './write.js';

/** The decoded value of an extension; undefined when the certificate has none. */
function valueOf(certificate: Certificate, oid: string): DerNode | undefined {
  const extension = certificate.extensions.get(oid);
  return extension && decodeDer(extension.value);
}

/** What a certificate says of its right to issue others (RFC 5280, 4.2.1.3 and 4.2.1.9). */
export interface AuthorityRights {
  /** Undefined without basic constraints. */
  readonly ca: boolean | undefined;
  readonly pathLength: number | undefined;
  /** The key may sign certificates: true without a key usage extension. */
  readonly mayIssue: boolean;
}

/** Throws CertificateError when one of the two extensions is unusable. */
export const authorityRights = (certificate: Certificate): AuthorityRights =>
  certificateGuard('basic constraints or key usage', () => {
    const constraints = valueOf(certificate, extensionOids.basicConstraints);
    const usage = valueOf(certificate, extensionOids.keyUsage);
    const members = constraints ? asSequence(constraints) : [];
    const flag = members.find((node) => isUniversal(node, tags.boolean));
    const length = members.find((node) => isUniversal(node, tags.integer));
    return {
      ca: constraints && (flag ? asBoolean(flag) : false),
      pathLength: length && asInteger(length),
      mayIssue: usage === undefined || ((asBits(usage)[0] ?? 0) & (0x80 >> usageBits.keyCertSign)) !== 0,
    };
  });

const isUniversal = (node: DerNode, tag: number): boolean => node.tagClass === tagClasses.universal && node.tag === tag;

/** Purposes by OID; undefined without the extension, which allows every purpose. Throws CertificateError. */
export const extendedKeyUsages = (certificate: Certificate): string[] | undefined =>
  certificateGuard('extended key usage', () => {
    const usages = valueOf(certificate, extensionOids.extKeyUsage);
    return usages && asSequence(usages).map(asOid);
  });

/** OIDs of the certificate policies; empty without the extension. Throws CertificateError. */
export const policyOids = (certificate: Certificate): string[] =>
  certificateGuard('certificate policies', () => {
    const policies = valueOf(certificate, extensionOids.certificatePolicies);
    return policies ? asSequence(policies).map((policy) => asOid(asSequence(policy)[0])) : [];
  });

/** Key identifiers of the certificate's own key and of its issuer's, lower-case hex, where given. Throws CertificateError. */
export const keyIdentifiers = (
  certificate: Certificate,
): { readonly subject: string | undefined; readonly authority: string | undefined } =>
  certificateGuard('key identifier', () => {
    const own = valueOf(certificate, extensionOids.subjectKeyIdentifier);
    const issuer = valueOf(certificate, extensionOids.authorityKeyIdentifier);
    return {
      subject: own && asOctets(own).toString('hex'),
      authority: issuer && contextMember(asSequence(issuer), 0)?.content.toString('hex'),
    };
  });

/** Where the issuer's certificate is published (caIssuers of the authority information access), by URL. Throws CertificateError. */
export const issuerAddresses = (certificate: Certificate): string[] =>
  certificateGuard('authority information access', () => {
    const access = valueOf(certificate, extensionOids.authorityInfoAccess);
    return (access ? asSequence(access) : []).flatMap((description) => {
      const [method, ...location] = asSequence(description);
      const url = asOid(method) === CA_ISSUERS ? contextMember(location, 6) : undefined;
      return url ? [url.content.toString('latin1')] : [];
    });
  });
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
