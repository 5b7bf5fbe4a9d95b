import { type Type } from '@nestjs/common';
import { ManagementController } from './management.controller.js';

/** Controllers of OMA-DM. */
export const managementControllers: Type[] = [ManagementController];
