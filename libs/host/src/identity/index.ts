export { type AccessTokenExpectation, AccessTokenError, type AccessTokenProblem, issuerOf, verifyAccessToken } from './access-token.js';
export { bearerToken } from './bearer.js';
export {
  DeviceCertificateError,
  type DeviceCertificateProblem,
  type DeviceCertificateSources,
  type DeviceIdentity,
  identifyDevice,
  publicKeyHash,
} from './device-certificate.js';
