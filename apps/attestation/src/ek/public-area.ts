import { KeyError } from '@greenscreen/crypto/keys';
import { publicKeyOfArea } from '@greenscreen/crypto/tpm';
import { ekHashOf, HardwareHashError } from '@greenscreen/wire/hardware-hash';
import { EkServiceError } from '@greenscreen/wire/ek-services';
import { decodePublicArea, readTpm2b, TpmFormatError } from '@greenscreen/wire/tpm';

/** `ek_hash` of a TPM2B_PUBLIC. Throws EkServiceError when it is none. */
export function ekHashOfPublic(tpm2bPublic: Buffer): string {
  try {
    return ekHashOf(publicKeyOfArea(decodePublicArea(readTpm2b(tpm2bPublic))));
  } catch (error) {
    if (error instanceof TpmFormatError || error instanceof KeyError || error instanceof HardwareHashError)
      throw new EkServiceError('no public area of an EK', { cause: error });
    throw error;
  }
}
