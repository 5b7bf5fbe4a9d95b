import { type ContentCipher } from '@greenscreen/crypto/cms';
import { decodeAnswerContent, type PkiMessage } from '@greenscreen/crypto/scep';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type AikAuthority, AikRequest } from '@greenscreen/model/attestation';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type AttestationServices } from '../../attestation-services.js';
import { type RegistrationAuthority } from '../registration-authority.js';
import { openEnvelope, parsed } from '../request/envelope.checks.js';
import { openServerState } from '../server-state.js';
import { sha256Hex } from '../sha256-hex.js';

/** An answer to a challenge, as far as it has been checked. */
export class ChallengeAnswer {
  cipher: ContentCipher;
  serverState: Buffer;
  /** What the TPM recovered, as the client says. */
  secret: Buffer;
  request: AikRequest;
  now: Date;

  constructor(
    readonly services: AttestationServices,
    readonly authority: AikAuthority,
    readonly ra: RegistrationAuthority,
    readonly message: PkiMessage,
  ) {}
}

function envelopeHoldsAnAnswer(state: ChallengeAnswer): void {
  const { content, cipher } = openEnvelope(state.message.envelope, state.ra);
  const { answer, serverState } = parsed(() => decodeAnswerContent(content));
  state.cipher = cipher;
  state.serverState = serverState;
  state.secret = openEnvelope(answer, state.ra).content;
}

/** By the state alone: clients use one transactionID and nonce for many requests (reference 03, 2.13). */
async function stateLeadsToARequest(state: ChallengeAnswer): Promise<void> {
  const { services, ra, authority } = state;
  const id = openServerState(state.serverState, ra);
  const request = id === undefined ? null : await services.em.findOneBy(AikRequest, { id });
  if (request?.vendor !== authority.vendor || request.keyId !== authority.keyId) throw new Fault('attestation.challengeFailed');
  if (sha256Hex(state.serverState) !== request.serverStateHash) throw new Fault('attestation.challengeFailed');
  state.request = request;
  const registration = await services.em.findOneBy(AutopilotDevice, { ekHash: request.ekHash });
  if (registration) {
    const exchange = currentExchange();
    exchange.tenantId = registration.tenantId;
    exchange.serial = registration.serialNumber;
  }
  state.now = await services.clock.now(registration?.tenantId);
}

/** A stranger's answer does not use up the owner's only attempt. */
function signerIsTheOneChallenged({ message, request }: ChallengeAnswer): void {
  if (sha256Hex(message.signer.der) !== request.signerFingerprint) throw new Fault('attestation.challengeFailed');
}

/** Before the answer is compared (reference 03, 2.13). */
export const answerChecks: readonly Check<ChallengeAnswer>[] = [envelopeHoldsAnAnswer, stateLeadsToARequest, signerIsTheOneChallenged];
