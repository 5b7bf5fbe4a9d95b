import { type Type } from '@nestjs/common';
import { PortalServicesController } from './portal-services.controller.js';

/** Controllers of the services that Graph's endpoint list names beside enrollment. */
export const companyPortalControllers: Type[] = [PortalServicesController];
