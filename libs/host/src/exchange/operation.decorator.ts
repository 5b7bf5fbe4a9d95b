import { SetMetadata } from '@nestjs/common';
import { type Exchange } from './exchange.js';

const KEY = 'greenscreen:operation';

export interface OperationName {
  readonly service: string;
  /** Or how to tell it from the request, where one address takes several operations. */
  readonly operation: string | ((exchange: Pick<Exchange, 'path' | 'body'>) => string);
}

/** Names a handler for journal, log and fault matching, e.g. `@Operation('drs', 'Join')`. */
export const Operation = (service: string, operation: OperationName['operation']): MethodDecorator =>
  SetMetadata(KEY, { service, operation });

export function operationOf(handler: object): OperationName | undefined {
  return Reflect.getMetadata(KEY, handler) as OperationName | undefined;
}
