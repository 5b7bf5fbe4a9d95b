import { type Type } from '@nestjs/common';
import { DeviceEnrollmentController } from './device-enrollment.controller.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { PortalController } from './portal/portal.controller.js';

/** Controllers of discovery, policy and enrollment. */
export const enrollmentControllers: Type[] = [DiscoveryController, DeviceEnrollmentController, PortalController];
