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
  /** What a JSON answer has: all of it, so that nothing is answered that is not described. */
  readonly answer?: z.ZodType;
  /** Media type of an answer that is not JSON. */
  readonly type?: string;
  /** Status of the answer: 200, or 204 for one without a body, unless given. */
  readonly status?: number;
  /** It may also be 204, without a body. */
  readonly orNothing?: boolean;
}

/** Describes a handler for `GET /openapi.json`. */
export const Describe = (description: Description): MethodDecorator => SetMetadata(KEY, description);

export const descriptionOf = (handler: object): Description | undefined => Reflect.getMetadata(KEY, handler) as Description | undefined;
