import { type Type } from '@nestjs/common';
import { ImeGatewayController } from './gateway.controller.js';
import { ServiceLocationController } from './service-location.controller.js';

/** Controllers of the management extension's services. */
export const imeControllers: Type[] = [ServiceLocationController, ImeGatewayController];
