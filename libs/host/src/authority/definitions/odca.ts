import {
  attribute,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  commonName,
  issueCertificate,
  keyUsage,
  type Name,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { type AuthorityDefinition } from '../authority.js';
import { EK_END, ekBeginning } from './ek-validity.js';

/** Intel's on-die authorities, from the root to the one that certifies EKs (reference 03, 1.6). */
export const odcaLevels = ['root', 'csme', 'platform', 'rom', 'kernel', 'ptt'] as const;
export type OdcaLevel = (typeof odcaLevels)[number];

/** Those that live in the chip: nobody can download them. */
export const odcaOnDie: readonly OdcaLevel[] = ['ptt', 'kernel', 'rom'];

const FOLDER = 'https://tsci.intel.com/content/OnDieCA';
/** Files that Intel publishes, by level. */
export const odcaFiles: Readonly<Partial<Record<OdcaLevel, string>>> = {
  root: 'OnDie_CA_RootCA_Certificate.cer',
  csme: 'OnDie_CA_CSME_Intermediate_CA.cer',
  platform: 'ODCA_CA2_CSME_P_ADL_00002226_Issuing_CA.cer',
};
/** One list for every platform, signed by the CSME authority. */
export const ODCA_CRL_FILE = 'ODCA_CA2_CSME_Indirect.crl';
export const odcaCrlUrl = `${FOLDER}/crls/${ODCA_CRL_FILE}`;

const MOCK = 'Greenscreen Mock (lab use only)';
const intel = (unit: string): Name => [
  [attribute('o', MOCK, 'utf8')],
  [attribute('ou', unit, 'utf8')],
  [attribute('cn', 'www.intel.com', 'utf8')],
];
const names: Readonly<Record<OdcaLevel, Name>> = {
  root: [[attribute('o', MOCK, 'utf8')], [attribute('cn', 'OnDie CA RootCA', 'utf8')]],
  csme: intel('ODCA CA2 CSME Intermediate CA'),
  platform: intel('ODCA 2 CSME P_ADL 00002226 Issuing CA'),
  rom: commonName('CSME ADL ROM CA', 'utf8'),
  kernel: commonName('CSME ADL Kernel CA', 'utf8'),
  ptt: commonName('CSME ADL PTT  01SVN', 'utf8'),
};

/** Authorities whose keys every platform shares here; in reality each chip has its own [our choice]. */
const define = (level: OdcaLevel, above: OdcaLevel | undefined, issuer: AuthorityDefinition | undefined): AuthorityDefinition => ({
  // The three that are published bear the names that EK chains are built from; the others only come with a request.
  name: odcaOnDie.includes(level) ? `odca:${level}` : `ek:INTC-ODCA-${level}:${level === 'root' ? 'root' : 'issuing'}`,
  algorithm: 'ec-p384',
  ...(issuer ? { issuer } : {}),
  certificate: ({ publicKey, signingKey, issuer: authority, now }) => {
    const file = above && odcaFiles[above];
    return issueCertificate({
      issuer: names[above ?? level],
      subject: names[level],
      notBefore: ekBeginning(now),
      notAfter: EK_END,
      publicKey,
      signingKey,
      extensions: [
        basicConstraints(true),
        keyUsage(['keyCertSign', 'cRLSign']),
        subjectKeyIdentifier(publicKey),
        ...(authority ? [authorityKeyIdentifier(authority.publicKey)] : []),
        ...(file === undefined ? [] : [authorityInfoAccess(`${FOLDER}/certs/${file}`)]),
      ],
    });
  },
});

function hierarchy(): ReadonlyMap<OdcaLevel, AuthorityDefinition> {
  const made = new Map<OdcaLevel, AuthorityDefinition>();
  for (const [index, level] of odcaLevels.entries()) {
    const above = odcaLevels[index - 1];
    made.set(level, define(level, above, above && made.get(above)));
  }
  return made;
}
const levels = hierarchy();

/** An on-die authority. */
export function odcaAuthority(level: OdcaLevel): AuthorityDefinition {
  const found = levels.get(level);
  if (!found) throw new Error(`There is no on-die authority "${level}"`);
  return found;
}

/** The authorities above an EK of such a part, nearest first. */
export const odcaChain: readonly AuthorityDefinition[] = [...odcaLevels].reverse().map(odcaAuthority);
