import { SetMetadata } from '@nestjs/common';
import { type Exchange } from './exchange.js';

const KEY = 'greenscreen:operation';

/** A name, or how to tell it from the request, where one address takes several operations. */
type Name = string | ((exchange: Pick<Exchange, 'path' | 'body'>) => string);

export interface OperationName {
  readonly service: Name;
  readonly operation: Name;
}

export const nameFor = (name: Name, exchange: Pick<Exchange, 'path' | 'body'>): string =>
  typeof name === 'string' ? name : name(exchange);

/** Names a handler for journal, log and fault matching, e.g. `@Operation('drs', 'Join')`. */
export const Operation = (service: Name, operation: Name): MethodDecorator => SetMetadata(KEY, { service, operation });

export function operationOf(handler: object): OperationName | undefined {
  return Reflect.getMetadata(KEY, handler) as OperationName | undefined;
}
