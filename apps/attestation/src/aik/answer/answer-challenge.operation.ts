import { timingSafeEqual } from 'node:crypto';
import { encodeSignedData } from '@greenscreen/crypto/cms';
import { type PkiMessage } from '@greenscreen/crypto/scep';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { certificateFingerprint } from '@greenscreen/host/identity';
import { injectedDefect } from '@greenscreen/host/injection';
import { type Reply } from '@greenscreen/host/reply';
import { type AikAuthority, AikCertificate, AikRequest, type AikRequestEvent, nextAikRequestState } from '@greenscreen/model/attestation';
import { pkiStatuses } from '@greenscreen/wire/scep';
import { type AttestationServices } from '../../attestation-services.js';
import { certificateReply } from '../certificate-reply.js';
import { type RegistrationAuthority } from '../registration-authority.js';
import { answerChecks, ChallengeAnswer } from './challenge-answer.checks.js';
import { issueAik } from './issue-aik.js';

/**
 * Message type 41: the answer to a challenge (reference 03, 2.13 and 2.14). There is one attempt: the row is used up whatever the answer is,
 * and however many come at once.
 */
export async function answerChallenge(
  services: AttestationServices,
  authority: AikAuthority,
  ra: RegistrationAuthority,
  message: PkiMessage,
): Promise<Reply> {
  const state = new ChallengeAnswer(services, authority, ra, message);
  await runChecks(state, answerChecks);
  const der = await issueAik({ request: state.request, ra, serial: services.random.uuid(), now: state.now });
  if (!(await answered(state, der))) throw new Fault('attestation.challengeFailed');
  return certificateReply(message, ra, services.random, {
    pkiStatus: pkiStatuses.success,
    serverMessage: 'Issued',
    content: encodeSignedData({
      certificates: [truncated(der), ra.issuing.certificate, ra.signing.certificate],
      signer: ra.signing,
    }),
    cipher: state.cipher,
  });
}

/** Uses up the request, and records the certificate if it has been earned. */
function answered({ services, request: { id }, secret, now }: ChallengeAnswer, der: Buffer): Promise<boolean> {
  return services.transaction(async (em) => {
    const request = await em.findOne(AikRequest, { where: { id }, lock: { mode: 'pessimistic_write' } });
    const next = request && nextAikRequestState(request.state, eventOf(request, secret, now));
    if (!next) return false;
    await em.update(AikRequest, { id }, { state: next, secret: null, answeredAt: now });
    if (next !== 'issued') return false;
    const { serial, notBefore, notAfter } = decodeCertificate(der);
    await em.insert(AikCertificate, {
      fingerprint: certificateFingerprint(der),
      requestId: id,
      ekHash: request.ekHash,
      serial: serial.toString('hex').toUpperCase().replace(/^00/, ''),
      der,
      notBefore,
      notAfter,
      issuedAt: now,
      revokedAt: null,
    });
    return true;
  });
}

function eventOf({ secret, expiresAt }: AikRequest, answer: Buffer, now: Date): AikRequestEvent {
  if (now >= expiresAt) return 'answeredLate';
  return secret?.length === answer.length && timingSafeEqual(secret, answer) ? 'answered' : 'answeredWrongly';
}

/** The certificate as it is sent: half of it when a fault says so. */
function truncated(der: Buffer): Buffer {
  const defect = injectedDefect('cert');
  return defect?.target === 'aik' && defect.defect === 'truncated' ? der.subarray(0, der.length / 2) : der;
}
