import { type KeyObject } from 'node:crypto';
import { KeyError } from '@greenscreen/crypto/keys';
import { publicKeyOfArea } from '@greenscreen/crypto/tpm';
import { Fault } from '@greenscreen/host/faults';
import { decodePublicArea, TpmFormatError } from '@greenscreen/wire/tpm';

/** The key of a TPMT_PUBLIC or TPM2B_PUBLIC, base64. Throws Fault `control.BadRequest`. */
export function decodeEkPublic(text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64');
  // A TPM2B begins with the size of what follows it; no TPMT_PUBLIC is so short that its algorithm could be one.
  const sized = bytes.length > 2 && bytes.readUInt16BE(0) === bytes.length - 2;
  try {
    return publicKeyOfArea(decodePublicArea(sized ? bytes.subarray(2) : bytes));
  } catch (error) {
    if (error instanceof TpmFormatError || error instanceof KeyError)
      throw new Fault('control.BadRequest', { reason: `ekPublic: ${error.message}` }, { cause: error });
    throw error;
  }
}
