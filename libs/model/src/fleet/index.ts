import { FleetHost } from './fleet-host.entity.js';

export { FleetHost } from './fleet-host.entity.js';

export const fleetEntities = [FleetHost];
