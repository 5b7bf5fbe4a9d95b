export { type Pace } from './conditions.js';
export { type GatewayAddress, GatewayNetwork, type GatewayNetworkOptions } from './gateway-network.js';
export { type TrafficEntry } from './traffic.js';
export { winHttp, winHttpCode } from './winhttp-errors.js';
