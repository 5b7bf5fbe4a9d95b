export { acceptedKeyIds, aikAuthorityKeyId, ekAuthorityKeyId, ekAuthorityKeyIds } from './authority-key-id.js';
export { type EkCertificateQuirks, type EkCertificateRequest, issueEkCertificate } from './issue.js';
export { type EkCertificateContent, readEkCertificate } from './read.js';
export {
  decodeTpmIdentity,
  decodeTpmVersion,
  encodeTpmIdentity,
  encodeTpmVersion,
  type TpmIdentity,
  type TpmVersion,
} from './tpm-identity.js';
export { SWTPM_MANUFACTURER, type TpmVendor, tpmVendors, vendorByLabel, vendorLabel } from './vendors.js';
export { isWeakModulus } from './weak-modulus.js';
