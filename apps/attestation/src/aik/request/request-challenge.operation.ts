import { encodeChallengeContent, type PkiMessage } from '@greenscreen/crypto/scep';
import { runChecks } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { type AikAuthority, type AikClientInfo, AikRequest } from '@greenscreen/model/attestation';
import { switchOf } from '@greenscreen/model/tenancy';
import { encodeAttestationChallenge, pkiStatuses } from '@greenscreen/wire/scep';
import { type AttestationServices } from '../../attestation-services.js';
import { certificateReply } from '../certificate-reply.js';
import { type RegistrationAuthority } from '../registration-authority.js';
import { sealServerState } from '../server-state.js';
import { sha256Hex } from '../sha256-hex.js';
import { AikEnrollment } from './aik-enrollment.js';
import { enrollmentChecks } from './enrollment.checks.js';
import { makeChallenge } from './make-challenge.js';

const SECRET_BYTES = 32;
/** Minutes in which the answer has to come [our choice]. */
const LIFETIME_MINUTES = 10;
const MINUTE_MS = 60_000;

/**
 * Message type 19: checks that the AIK lives in a TPM that a vendor vouches for, and challenges that TPM (reference 03, 2.10). The challenge
 * waits in a row, which the answer finds by the state that it brings back.
 */
export async function requestChallenge(
  services: AttestationServices,
  authority: AikAuthority,
  ra: RegistrationAuthority,
  message: PkiMessage,
  platformType: string | undefined,
): Promise<Reply> {
  const state = new AikEnrollment(services, authority, ra, message);
  await runChecks(state, enrollmentChecks);
  const id = services.random.uuid();
  const secret = services.random.bytes(SECRET_BYTES);
  const challenge = await makeChallenge(state, secret);
  const serverState = sealServerState(id, ra);
  const minutes = switchOf(state.tenant, 'attestation.challengeMinutes', LIFETIME_MINUTES);
  await services.transaction(async (em) => {
    await em.insert(AikRequest, {
      id,
      vendor: authority.vendor,
      keyId: authority.keyId,
      state: 'challenged',
      transactionId: message.transactionId,
      signerFingerprint: sha256Hex(message.signer.der),
      serverStateHash: sha256Hex(serverState),
      ekHash: state.ekHash,
      ekCertificate: state.ek.certificate.der,
      aikName: state.aikName.toString('hex'),
      aikSpki: state.request.spki,
      statement: state.request.statement,
      secret,
      clientInfo: clientInfoOf(state, platformType),
      createdAt: state.now,
      expiresAt: new Date(state.now.getTime() + minutes * MINUTE_MS),
      answeredAt: null,
    });
  });
  return certificateReply(message, ra, services.random, {
    pkiStatus: pkiStatuses.pendingChallenge,
    content: encodeChallengeContent({ challenge: encodeAttestationChallenge(challenge), serverState }),
    cipher: state.cipher,
  });
}

function clientInfoOf({ request: { osVersion, clientInfo } }: AikEnrollment, platformType: string | undefined): AikClientInfo {
  return {
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(clientInfo ? { machine: clientInfo.machine, user: clientInfo.user, process: clientInfo.process } : {}),
    ...(platformType === undefined ? {} : { platformType }),
  };
}
