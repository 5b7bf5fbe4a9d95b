import { type Type } from '@nestjs/common';

/** Controllers of discovery, policy and enrollment. */
export const enrollmentControllers: Type[] = [];
