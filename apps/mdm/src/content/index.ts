import { type Type } from '@nestjs/common';
import { ContentController } from './content.controller.js';

/** Controllers of the content host. */
export const contentControllers: Type[] = [ContentController];
