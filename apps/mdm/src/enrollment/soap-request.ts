import { Fault } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { SOAP_TYPE, SoapError } from '@greenscreen/wire/soap';

/** Decodes with the codec of an operation; what it refuses is MessageFormat, or the code given (06 D-B8). */
export function decoded<T>(decode: () => T, code = 'mdm.MessageFormat'): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SoapError) throw new Fault(code, {}, { cause: error });
    throw error;
  }
}

/** A SOAP answer: 200, whole, with its length (reference 04, 0.2 rule 1). */
export const soapReply = (body: Buffer): Reply => reply(200, SOAP_TYPE, body);
