import { decodePkiMessage, peekMessageType, type PkiMessage } from '@greenscreen/crypto/scep';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type AikAuthority } from '@greenscreen/model/attestation';
import { messageTypes } from '@greenscreen/wire/scep';
import { type AttestationServices } from '../attestation-services.js';
import { answerChallenge } from './answer/answer-challenge.operation.js';
import { registrationAuthority } from './registration-authority.js';
import { parsed } from './request/envelope.checks.js';
import { requestChallenge } from './request/request-challenge.operation.js';

/** PKIOperation: a request for an AIK certificate, or the answer to its challenge. */
export async function pkiOperation(services: AttestationServices, authority: AikAuthority, body: Buffer): Promise<Reply> {
  const message: PkiMessage = parsed(() => decodePkiMessage(body));
  const ra = await registrationAuthority(services, authority);
  switch (message.messageType) {
    case messageTypes.pkcsReq:
      return requestChallenge(services, authority, ra, message, currentExchange().headers.platformtype);
    case messageTypes.challengeAnswer:
      return answerChallenge(services, authority, ra, message);
    default:
      throw new Fault('attestation.unsupportedMessage');
  }
}

/** Names of the operations in journal and faults (reference 06, D-A53). */
export const pkiOperationName = (body: Buffer): string =>
  peekMessageType(body) === messageTypes.challengeAnswer ? 'ChallengeAnswer' : 'PKCSReq';
