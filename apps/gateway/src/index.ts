export { type Backend, remoteBackend } from './backends.js';
export { type Gateway, type GatewayOptions, listen, PortError, startGateway } from './gateway.js';
