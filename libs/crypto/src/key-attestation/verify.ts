import { type KeyObject } from 'node:crypto';
import { decodeAttest, decodePublicArea, objectAttributes as bit, TpmFormatError } from '@greenscreen/wire/tpm';
import { KeyError, spkiOf } from '../keys/index.js';
import { objectName, publicKeyOfArea, verifyTpmSignature } from '../tpm/index.js';
import { KeyAttestationError } from './error.js';

/** What makes a key one that this TPM made and nothing else holds (reference 03, 3.2). */
const BOUND = bit.fixedTpm | bit.fixedParent | bit.sensitiveDataOrigin;

export interface KeyAttestation {
  /** TPMT_PUBLIC of the certified key, without the TPM2B size. */
  readonly publicArea: Buffer;
  /** TPMS_ATTEST. */
  readonly attest: Buffer;
  /** TPMT_SIGNATURE. */
  readonly signature: Buffer;
}

export interface KeyAttestationExpectation {
  /** The key that must have been certified. */
  readonly key: KeyObject;
  /** Public key of the AIK. */
  readonly aik: KeyObject;
  /** `extraData` of the statement: what ties it to this request. */
  readonly qualifyingData: Buffer;
}

/**
 * Checks that an AIK certified a key of its own TPM (TPM2_Certify; reference 06, D-A17): type 8017, the Name recomputed from the public
 * area, the key in question, bound to the TPM, fresh by `extraData`, signed by the AIK, nothing left over. Throws KeyAttestationError.
 */
export function verifyKeyAttestation(
  { publicArea, attest, signature }: KeyAttestation,
  { key, aik, qualifyingData }: KeyAttestationExpectation,
): void {
  try {
    const area = decodePublicArea(publicArea);
    if (!spkiOf(publicKeyOfArea(area)).equals(spkiOf(key))) throw new KeyAttestationError('another key was certified');
    if ((area.attributes & BOUND) !== BOUND) throw new KeyAttestationError('the key is not bound to the TPM');
    const said = decodeAttest(attest);
    if (said.type !== 'certify') throw new KeyAttestationError('not a TPM2_Certify statement');
    if (!said.name.equals(objectName(publicArea))) throw new KeyAttestationError('the Name is not the one of the public area');
    if (!said.extraData.equals(qualifyingData)) throw new KeyAttestationError('the statement belongs to another request');
    if (!verifyTpmSignature(signature, attest, aik)) throw new KeyAttestationError('the AIK did not sign the statement');
  } catch (error) {
    if (error instanceof TpmFormatError || error instanceof KeyError) throw new KeyAttestationError(error.message);
    throw error;
  }
}
