export { decodeLooseBase64 } from './base64.js';
export { encodeSoapAnswer, encodeSoapRequest, type SoapAnswer, type SoapRequest } from './envelope.js';
export { SoapError } from './error.js';
export { decodeEnrollmentFault, encodeEnrollmentFault, encodeLowerCasedFault, type EnrollmentFault, type ReceivedFault } from './fault.js';
export { decodeSoap, messageIdOf, type SoapMessage } from './message.js';
export { BASE64_BINARY, ns, SOAP_TYPE } from './namespaces.js';
export {
  decodeBinaryToken,
  decodeSecurityHeader,
  encodeTokenHeader,
  encodeUsernameHeader,
  PASSWORD_TEXT,
  type SecurityCredential,
  tokenTypes,
} from './security-header.js';
