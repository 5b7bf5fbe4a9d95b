import { Fault } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { JsonFormatError } from '@greenscreen/wire/json';

/** Decodes a body of the agent; what cannot be read is a 400. */
export function readOrbit<T>(body: Buffer, decode: (text: string) => T): T {
  try {
    return decode(body.toString('utf8'));
  } catch (error) {
    if (error instanceof JsonFormatError) throw new Fault('fleet.BadRequest', {}, { cause: error });
    throw error;
  }
}

export const orbitReply = (text: string): Reply => reply(200, 'application/json; charset=utf-8', text);
