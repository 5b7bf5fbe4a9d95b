export {
  type CertificateEntry,
  decodeRenewedCertificate,
  encodeRenewedCertificate,
  type ProvisionedCertificates,
  type RenewalSettings,
} from './certificate-store.js';
export {
  characteristic,
  decodeWapDocument,
  encodeWapDocument,
  parm,
  typedParm,
  type WapCharacteristic,
  type WapParm,
} from './characteristic.codec.js';
export { type CspNode } from './csp-nodes.js';
export { type DigestCredentials, type DmAccount } from './dm-account.js';
export { WapError, type WapProblem } from './error.js';
export { decodeProvisioningDocument, encodeProvisioningDocument, type ProvisioningDocument } from './provisioning-document.codec.js';
