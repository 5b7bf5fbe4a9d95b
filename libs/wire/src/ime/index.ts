export * from './app-package.js';
export * from './content-info.js';
export { ImeCodecError } from './error.js';
export {
  decodeGatewaySession,
  encodeGatewayAnswer,
  encodeGatewayRequest,
  GATEWAY_API_VERSION,
  type GatewaySession,
  gatewaySessionUrl,
  parseObject,
  type RequestContentType,
  requestContentTypes,
  sessionIdOf,
} from './gateway-session.js';
export * from './scripts.js';
export * from './selected-apps.js';
export * from './service-addresses.js';
