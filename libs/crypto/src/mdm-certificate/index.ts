export { type IntuneIdentity, intuneOids } from './extensions.js';
export { guidBytes, guidOf } from './guid.js';
export {
  issueFleetCertificate,
  issueMdmCertificate,
  type MdmCertificateIdentity,
  type MdmCertificateRequest,
  readMdmCertificate,
} from './issue.js';
