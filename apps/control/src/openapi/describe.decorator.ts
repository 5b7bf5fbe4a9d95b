import { SetMetadata } from '@nestjs/common';
import { type z } from 'zod';

const KEY = 'greenscreen:description';

/** What the description of the API says about a handler beyond its address. */
export interface Description {
  readonly summary: string;
  /** What its body has to fit. */
  readonly body?: z.ZodType;
  /** Its query, where the handler takes that as a whole. */
  readonly query?: z.ZodObject;
  /** Media type of the answer, unless that is JSON. */
  readonly type?: string;
}

/** Describes a handler for `GET /openapi.json`. */
export const Describe = (description: Description): MethodDecorator => SetMetadata(KEY, description);

export const descriptionOf = (handler: object): Description | undefined => Reflect.getMetadata(KEY, handler) as Description | undefined;
