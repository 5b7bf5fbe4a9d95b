import { createHash } from 'node:crypto';
import { jwkThumbprint } from '@greenscreen/crypto/jose';
import { KeyAttestationError, verifyKeyAttestation } from '@greenscreen/crypto/key-attestation';
import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AikError, verifyAik } from '@greenscreen/host/identity';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { AttestationDataError, decodeAttestationData } from '@greenscreen/wire/oauth';
import { verifiesAttestationData } from '../drs-switches.js';
import { type JoinAttempt } from './join-attempt.js';
import { noteRegistration, requireTicket } from './tickets.js';

/** DeviceTpmKeyState of an attested identity (reference 01, 4.1). */
const ATTESTED = 4;

async function registrationIsSought(attempt: JoinAttempt): Promise<void> {
  const { drs, claims, tenant } = attempt;
  if (claims?.ztdid === undefined) throw new Fault('drs.DeviceNotFound');
  noteRegistration(attempt, await drs.em.findOneBy(AutopilotDevice, { ztdId: claims.ztdid.toLowerCase(), tenantId: tenant.id }));
}

/** The token names the key that its holder has proven; the certificate is for that key and no other (06 D-A18). */
async function keyIsTheTokens({ claims, csr }: JoinAttempt): Promise<void> {
  if (claims?.jkt !== undefined && claims.jkt !== (await jwkThumbprint(csr.publicKey))) throw new Fault('drs.AttestationFailed');
}

async function aikIsValid(attempt: JoinAttempt): Promise<void> {
  const { drs, request, now } = attempt;
  if (!request.aikCertificate) return;
  try {
    attempt.aik = await verifyAik(request.aikCertificate, drs.aikSource, now);
  } catch (error) {
    if (!(error instanceof AikError)) throw error;
    throw new Fault(error.problem === 'expired' ? 'drs.AikExpired' : 'drs.AikValidationFailed', {}, { cause: error });
  }
}

/** The statement is about the transport key and this very certificate request (06 D-A17). */
function aikCertifiedTheTransportKey({ aik, request, transportKey, tenant }: JoinAttempt): void {
  if (request.attestationData === undefined || !verifiesAttestationData(tenant)) return;
  if (!aik) throw new Fault('drs.AttestationFailed');
  const qualifyingData = createHash('sha256').update(request.csr).digest();
  try {
    verifyKeyAttestation(decodeAttestationData(request.attestationData), { key: transportKey, aik: aik.publicKey, qualifyingData });
  } catch (error) {
    if (error instanceof KeyAttestationError || error instanceof AttestationDataError)
      throw new Fault('drs.AttestationFailed', {}, { cause: error });
    throw error;
  }
}

async function ticketIsValid(attempt: JoinAttempt): Promise<void> {
  const { deviceJoinTicket } = attempt.request.attributes;
  if (deviceJoinTicket !== undefined) attempt.ticket = await requireTicket(attempt, deviceJoinTicket);
}

/** The ticket is of the token's device, and of one whose TPM was attested (06 D-A23). */
function ticketIsTheTokens({ ticket, registration }: JoinAttempt): void {
  if (ticket && registration && (ticket.ddid !== registration.ddid || ticket.tks !== ATTESTED))
    throw new Fault('drs.MsaTicketTpmValidationFailed');
}

/** AIK, ticket and registration have to speak of one TPM (06 D-A19, D-A32). */
function endorsementKeyIsTheRegisteredOne({ aik, ticket, registration }: JoinAttempt): void {
  if (!aik || !registration) return;
  if (aik.ekHash !== registration.ekHash) throw new Fault('drs.DeviceTokenRejected');
  if (ticket && ticket.ekh !== null && ticket.ekh !== aik.ekHash) throw new Fault('drs.DeviceTokenRejected');
}

/**
 * What a join of the device itself has to pass: only its token is required, but what else it sends has to be right (reference 06, D-A23). The
 * order is the token service's (D-A21). Whether the object is there is decided in the transaction.
 */
export const userlessChecks: readonly Check<JoinAttempt>[] = [
  registrationIsSought,
  keyIsTheTokens,
  aikIsValid,
  aikCertifiedTheTransportKey,
  ticketIsValid,
  ticketIsTheTokens,
  endorsementKeyIsTheRegisteredOne,
];
