export { decodeBase64Either } from './base64.js';
export { type CompactJws, decodeCompactJws, type DigestSigner, encodeUnsignedJwt, signCompactJws, verifyRs256 } from './compact-jws.js';
export { JoseError, type JoseProblem } from './error.js';
export { jwkThumbprint, type RsaJwk, rsaJwk, rsaKeyOfJwk } from './jwk.js';
export {
  certificateKeyId,
  type JwtAlgorithm,
  type JwtKeyName,
  type JwtSigningKey,
  type JwtVerification,
  signJwt,
  verifyJwt,
} from './jwt.js';
export { deriveKeyV1, deriveKeyV2 } from './prt-kdf.js';
export { type SessionJwsInput, signSessionJws, verifySessionJws } from './session-jws.js';
export { decryptSessionKey, encryptSessionKey } from './session-key-jwe.js';
export { decryptSessionResponse, encryptSessionResponse } from './session-response-jwe.js';
