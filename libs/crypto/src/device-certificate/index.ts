export { type DeviceIdentityExtensions, deviceOids } from './extensions.js';
export {
  type DeviceCertificateIdentity,
  type DeviceCertificateRequest,
  deviceCertificateValidity,
  issueDeviceCertificate,
  readDeviceCertificate,
} from './issue.js';
