import {
  attribute,
  basicConstraints,
  commonName,
  encodeName,
  issueCertificate,
  keyUsage,
  type Name,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { type AuthorityDefinition, type AuthorityInput } from '../authority.js';

const DAY_MS = 86_400_000;
/** Device certificates live ten years (reference 02, 11.1); their issuer has to outlive those that a lab issues in its last year. */
const YEARS = 25;

/**
 * Issuer of device certificates: **one** RDN with four attributes, in DER's SET OF order (reference 02, 11.1). Windows prints it as
 * `DC=net + DC=windows + CN=MS-Organization-Access + OU=82dbaca4-…`, and administrators' scripts compare that text.
 */
export const msOrganizationAccessName: Name = [
  [
    attribute('dc', 'net', 'ia5'),
    attribute('dc', 'windows', 'ia5'),
    attribute('cn', 'MS-Organization-Access'),
    attribute('ou', '82dbaca4-3e81-46ca-9c73-0950c1eaca97'),
  ],
];

/** DER of {@link msOrganizationAccessName}, 122 bytes. */
export const msOrganizationAccessNameDer: Buffer = encodeName(msOrganizationAccessName);

const authorityCertificate = (name: Name, { publicKey, signingKey, now }: AuthorityInput): Buffer =>
  issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + YEARS)),
    publicKey,
    signingKey,
    extensions: [basicConstraints(true, 0), keyUsage(['keyCertSign', 'cRLSign']), subjectKeyIdentifier(publicKey)],
  });

/** Issues the certificates of registered and joined devices. */
export const msOrganizationAccess: AuthorityDefinition = {
  name: 'ms-organization-access',
  algorithm: 'rsa2048',
  certificate: (input) => authorityCertificate(msOrganizationAccessName, input),
};

/** Issues short-lived certificates for peer-to-peer sign-in; the year is part of the name (reference 02, 8.3). */
export const msOrganizationP2pAccess: AuthorityDefinition = {
  name: 'ms-organization-p2p-access',
  algorithm: 'rsa2048',
  certificate: (input) => authorityCertificate(commonName(`MS-Organization-P2P-Access [${input.now.getUTCFullYear()}]`, 'utf8'), input),
};
