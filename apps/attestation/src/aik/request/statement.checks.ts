import { KeyAttestationError, verifyAikCreation } from '@greenscreen/crypto/key-attestation';
import { Fault } from '@greenscreen/host/faults';
import { decodeKeyAttestationStatement, ScepError } from '@greenscreen/wire/scep';
import { type AikEnrollment } from './aik-enrollment.js';

/** What the AIK says of its own creation, and its Name. */
export function statementHolds(state: AikEnrollment): void {
  const { statement, publicKey } = state.request;
  try {
    state.aikName = verifyAikCreation(decodeKeyAttestationStatement(statement), publicKey);
  } catch (error) {
    if (error instanceof ScepError || error instanceof KeyAttestationError)
      throw new Fault('attestation.statementInvalid', {}, { cause: error });
    throw error;
  }
}
