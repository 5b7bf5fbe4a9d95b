import { type Type } from '@nestjs/common';
import { LinuxController } from './linux.controller.js';

/** Controllers of the services for Linux. */
export const linuxControllers: Type[] = [LinuxController];
