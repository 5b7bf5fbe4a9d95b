export { type DeviceCredential } from './device-credential.js';
export { type DeviceToken, type DeviceTokenRequest, requestDeviceToken, signInUserless, type UserlessSignIn } from './device-token.js';
export { type DeviceUserTokenRequest, requestDeviceUserToken } from './device-user-token.js';
export { confirmForHello } from './hello-confirmation.js';
export { type P2pRequest, requestP2pCertificate } from './p2p-certificate.js';
export {
  type PrimaryRefreshToken,
  type PrtProof,
  type PrtRequest,
  type PrtUse,
  requestPrt,
  requestTokenWithPrt,
} from './primary-refresh-token.js';
export { requestNonce, type TokenContext } from './token-call.js';
export {
  DEVICE_TOKEN_FAILED,
  hresultOfUserlessSignIn,
  ntStatusOfSignIn,
  TokenServiceError,
  USER_SID_MISSING,
} from './token-service-error.js';
export {
  authorizeSilently,
  type MdmAddresses,
  requestDrsUserToken,
  signInUser,
  type UserCredentials,
  type UserSignIn,
} from './user-sign-in.js';
