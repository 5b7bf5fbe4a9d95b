export { permittedSubtrees, TLS_ROOT_NAME, tlsRoot } from './tls.js';
export { msOrganizationAccess, msOrganizationAccessName, msOrganizationAccessNameDer, msOrganizationP2pAccess } from './entra.js';
export { msaTicket, stsNextSigning, stsSigning } from './tokens.js';
export { intuneMdmDeviceCa, intuneRoot } from './intune.js';
export { AIK_ISSUING_PREFIX, aikIssuing, aikRegistration, issuerUrl, publicationId, tpmRoot } from './aik.js';
export {
  ekAuthorityPatterns,
  type EkAuthorityRole,
  ekCertificateUrl,
  ekCrlUrl,
  ekPublicationName,
  ekVendor,
  type EkVendorAuthorities,
} from './ek-vendors.js';
export { EK_END } from './ek-validity.js';
export { ODCA_CRL_FILE, odcaAuthority, odcaChain, odcaCrlUrl, odcaFiles, type OdcaLevel, odcaLevels, odcaOnDie } from './odca.js';
