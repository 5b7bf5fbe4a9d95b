import { createHash, type KeyObject } from 'node:crypto';
import { type KeyAttestationStatement } from '@greenscreen/wire/scep';
import {
  decodeAttest,
  decodeCreationData,
  decodePublicArea,
  objectAttributes as bit,
  TpmFormatError,
  tpmHashes,
} from '@greenscreen/wire/tpm';
import { KeyError, spkiOf } from '../keys/index.js';
import { objectName, publicKeyOfArea, verifyTpmSignature } from '../tpm/index.js';
import { KeyAttestationError } from './error.js';

/** What makes a key an AIK: it lives in one TPM, was made there, and signs nothing but what the TPM says itself. */
const REQUIRED = bit.restricted | bit.sign | bit.fixedTpm | bit.fixedParent | bit.sensitiveDataOrigin;

/**
 * Checks a new AIK's statement about its own creation (TPM2_CertifyCreation; reference 03, 2.10 step 7): the key in question, restricted to
 * signing and bound to its TPM, created as it says, signed by itself, nothing left over. There is no nonce at this stage; counters and
 * firmware version are obfuscated and not looked at. Returns the key's Name. Throws KeyAttestationError.
 */
export function verifyAikCreation(statement: KeyAttestationStatement, key: KeyObject): Buffer {
  try {
    const area = decodePublicArea(statement.publicArea);
    const aik = publicKeyOfArea(area);
    if (!spkiOf(aik).equals(spkiOf(key))) throw new KeyAttestationError('the statement is about another key');
    if ((area.attributes & REQUIRED) !== REQUIRED || (area.attributes & bit.decrypt) !== 0)
      throw new KeyAttestationError('the key is no restricted signing key of a TPM');
    if (!area.scheme) throw new KeyAttestationError('the key has no signing scheme');
    const name = objectName(statement.publicArea);
    requireCreation(statement, name, tpmHashes[area.nameAlg]);
    if (!verifyTpmSignature(statement.signature, statement.attest, aik))
      throw new KeyAttestationError('the key did not sign the statement');
    return name;
  } catch (error) {
    if (error instanceof TpmFormatError || error instanceof KeyError) throw new KeyAttestationError(error.message);
    throw error;
  }
}

function requireCreation({ attest, creationData }: KeyAttestationStatement, name: Buffer, hash: string | undefined): void {
  decodeCreationData(creationData);
  const said = decodeAttest(attest);
  if (said.type !== 'creation') throw new KeyAttestationError('not a statement about a creation');
  if (!said.objectName.equals(name)) throw new KeyAttestationError('the Name is not the one of the public area');
  if (hash === undefined || !said.creationHash.equals(createHash(hash).update(creationData).digest()))
    throw new KeyAttestationError('the creation hash is not the one of the creation data');
}
