export { FLEET_PROVIDER, fleetPaths } from './addresses.js';
export { decodeFleetToken, encodeFleetToken, type FleetToken } from './enrollment-token.codec.js';
export * from './orbit.codec.js';
