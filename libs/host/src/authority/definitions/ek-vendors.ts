import { ekAuthorityKeyId, type TpmVendor, tpmVendors } from '@greenscreen/crypto/ek-certificate';
import { spkiOf } from '@greenscreen/crypto/keys';
import {
  attribute,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoint,
  type Extension,
  issueCertificate,
  keyIdentifier,
  keyUsage,
  type Name,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { type Authority, type AuthorityDefinition } from '../authority.js';
import { EK_END, ekBeginning } from './ek-validity.js';

export type EkAuthorityRole = 'root' | 'issuing';

/** The two authorities of a TPM vendor that the lab plays. */
export interface EkVendorAuthorities extends Readonly<Record<EkAuthorityRole, AuthorityDefinition>> {
  readonly vendor: TpmVendor;
}

/** Names in the store, for queries: `ek:IFX:root`, `ek:IFX:issuing`. */
export const ekAuthorityPatterns: Readonly<Record<EkAuthorityRole, string>> = { root: 'ek:%:root', issuing: 'ek:%:issuing' };

/** Folder of a vendor's publications, plain HTTP: where the reference names none, on a host of the lab [our choice]. */
const folderOf = (label: string): string =>
  label === 'INTC' ? 'http://upgrades.intel.com/content/CRL/ekcert' : `http://${label.toLowerCase()}.ekpki.greenscreen.test`;

/** File names of a vendor's publications, without extension. */
export const ekPublicationName = (label: string, role: EkAuthorityRole): string => `${label}-EK-${role}`;

/** Address of an authority's certificate; AMD's are found by their serial number (reference 03, 1.4). */
export const ekCertificateUrl = (label: string, role: EkAuthorityRole, { x509 }: Pick<Authority, 'x509'>): string =>
  label === 'AMD'
    ? `http://ftpm.amd.com/pki/aia/${x509.serialNumber.toUpperCase()}`
    : `${folderOf(label)}/${ekPublicationName(label, role)}.cer`;

/** Address of an authority's CRL. AMD has one address, for the authority that issues EK certificates. */
export const ekCrlUrl = (label: string, role: EkAuthorityRole): string =>
  label === 'AMD' ? 'http://ftpm.amd.com/pki/crl' : `${folderOf(label)}/${ekPublicationName(label, role)}.crl`;

const nameOf = ({ name }: TpmVendor, role: string): Name => [
  [attribute('o', name, 'utf8')],
  [attribute('ou', 'Greenscreen Mock (lab use only)', 'utf8')],
  [attribute('cn', `${name} TPM EK ${role} CA`, 'utf8')],
];

function authoritiesOf(vendor: TpmVendor): EkVendorAuthorities {
  const { label } = vendor;
  const algorithm = label === 'INTC' ? 'ec-p256' : 'rsa2048';
  const root: AuthorityDefinition = {
    name: `ek:${label}:root`,
    algorithm,
    certificate: ({ publicKey, signingKey, now }) => {
      // AMD's intermediate authorities are newer than the AIK service's name for AMD, which is that of the root (reference 03, 2.1).
      const named: Extension[] = label === 'AMD' ? [ekAuthorityKeyId(keyIdentifier(spkiOf(publicKey)))] : [];
      return issueCertificate({
        issuer: nameOf(vendor, 'Root'),
        subject: nameOf(vendor, 'Root'),
        notBefore: ekBeginning(now),
        notAfter: EK_END,
        publicKey,
        signingKey,
        extensions: [basicConstraints(true), keyUsage(['keyCertSign', 'cRLSign']), subjectKeyIdentifier(publicKey), ...named],
      });
    },
  };
  const issuing: AuthorityDefinition = {
    name: `ek:${label}:issuing`,
    algorithm,
    issuer: root,
    certificate: ({ publicKey, signingKey, issuer, now }) => {
      if (!issuer) throw new Error('This authority has an issuer');
      return issueCertificate({
        issuer: nameOf(vendor, 'Root'),
        subject: nameOf(vendor, 'Issuing'),
        notBefore: ekBeginning(now),
        notAfter: EK_END,
        publicKey,
        signingKey,
        extensions: [
          basicConstraints(true, 0),
          keyUsage(['keyCertSign', 'cRLSign']),
          subjectKeyIdentifier(publicKey),
          authorityKeyIdentifier(issuer.publicKey),
          authorityInfoAccess(ekCertificateUrl(label, 'root', issuer)),
          ...(label === 'AMD' ? [] : [crlDistributionPoint(ekCrlUrl(label, 'root'))]),
        ],
      });
    },
  };
  return { vendor, root, issuing };
}

const byLabel: ReadonlyMap<string, EkVendorAuthorities> = new Map(tpmVendors.map((vendor) => [vendor.label, authoritiesOf(vendor)]));

/** A vendor's authorities, by label in any case. Made when a TPM of that vendor first needs them. */
export const ekVendor = (label: string): EkVendorAuthorities | undefined => byLabel.get(label.toUpperCase());
