import { SetMetadata } from '@nestjs/common';

const KEY = 'greenscreen:operation';

export interface OperationName {
  readonly service: string;
  readonly operation: string;
}

/** Names a handler for journal, log and fault matching, e.g. `@Operation('drs', 'Join')`. */
export const Operation = (service: string, operation: string): MethodDecorator => SetMetadata(KEY, { service, operation });

export function operationOf(handler: object): OperationName | undefined {
  return Reflect.getMetadata(KEY, handler) as OperationName | undefined;
}
