import { type Type } from '@nestjs/common';
import { FleetController } from './fleet.controller.js';
import { FleetManagementController } from './management/management.controller.js';
import { OrbitController } from './orbit/orbit.controller.js';

/** Controllers of the tenants' Fleet servers. */
export const fleetControllers: Type[] = [OrbitController, FleetController, FleetManagementController];
