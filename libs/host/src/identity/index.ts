export { type AccessTokenExpectation, AccessTokenError, type AccessTokenProblem, issuerOf, verifyAccessToken } from './access-token.js';
export { AIK_SOURCE, AikError, type AikRecord, type AikSource, type VerifiedAik, verifyAik } from './aik.js';
export { bearerToken } from './bearer.js';
export {
  DeviceCertificateError,
  type DeviceCertificateProblem,
  type DeviceCertificateSources,
  type DeviceIdentity,
  identifyDevice,
  publicKeyHash,
} from './device-certificate.js';
export {
  type DeviceTicket,
  DeviceTicketError,
  type DeviceTicketExpectation,
  type DeviceTicketProblem,
  entraTicketAudiences,
  verifyDeviceTicket,
} from './device-ticket.js';
export { certificateFingerprint, ModelAikSource } from './model-aik-source.js';
