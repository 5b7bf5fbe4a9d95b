import { Fault } from '@greenscreen/host/faults';
import { MsaMessageError } from '@greenscreen/wire/msa';

/** Decodes with a codec; what it refuses is an invalid request. */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof MsaMessageError) throw new Fault('msa.InvalidRequest', {}, { cause: error });
    throw error;
  }
}
