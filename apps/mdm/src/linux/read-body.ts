import { Fault } from '@greenscreen/host/faults';
import { JsonFormatError } from '@greenscreen/wire/json';

/** Decodes a request; what cannot be read is a 400 that names the member. */
export function readBody<T>(body: Buffer, decode: (text: string) => T): T {
  try {
    return decode(body.toString('utf8'));
  } catch (error) {
    if (error instanceof JsonFormatError) throw new Fault('linux.BadRequest', { member: error.member }, { cause: error });
    throw error;
  }
}
