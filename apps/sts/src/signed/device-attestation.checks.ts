import { createHash, type KeyObject } from 'node:crypto';
import { JoseError, rsaKeyOfJwk, verifyRs256 } from '@greenscreen/crypto/jose';
import { KeyAttestationError, verifyKeyAttestation } from '@greenscreen/crypto/key-attestation';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import {
  AikError,
  type DeviceTicket,
  DeviceTicketError,
  entraTicketAudiences,
  type VerifiedAik,
  verifyAik,
  verifyDeviceTicket,
} from '@greenscreen/host/identity';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { AttestationDataError, decodeAttestationData } from '@greenscreen/wire/oauth';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { requireFreshNonce } from '../tokens/nonce.store.js';
import { requiredMember, type SignedRequest } from './signed-request.js';

/** A userless sign-in, as far as it has been checked. */
export class UserlessSignIn {
  /** The device key `dk`. */
  key: KeyObject;
  aik: VerifiedAik;
  ticket: DeviceTicket;
  registration: AutopilotDevice | undefined;
  /** Time of the path's tenant, or the installation's. */
  now: Date;

  constructor(
    readonly sts: StsServices,
    readonly request: TokenRequest,
    readonly signed: SignedRequest,
  ) {}
}

async function nonceIsFresh({ sts, signed, request }: UserlessSignIn): Promise<void> {
  await requireFreshNonce(sts, signed.text('request_nonce'), request.segment.tenant);
}

function deviceKeySignedTheRequest(state: UserlessSignIn): void {
  const { jws } = state.signed;
  try {
    state.key = rsaKeyOfJwk(jws.header.jwk);
  } catch (error) {
    if (error instanceof JoseError) throw new Fault('sts.50027', {}, { cause: error });
    throw error;
  }
  if (!verifyRs256(jws, state.key)) throw new Fault('sts.900384');
}

async function aikIsValid(state: UserlessSignIn): Promise<void> {
  const { sts, signed, now } = state;
  const der = Buffer.from(requiredMember(signed, 'aik_certificate'), 'base64');
  try {
    state.aik = await verifyAik(der, sts.aikSource, now);
  } catch (error) {
    if (error instanceof AikError) throw new Fault(`sts.50013.aik_${error.problem}`, {}, { cause: error });
    throw error;
  }
}

function aikCertifiedTheDeviceKey({ signed, key, aik }: UserlessSignIn): void {
  const nonce = requiredMember(signed, 'request_nonce');
  const qualifyingData = createHash('sha256').update(nonce, 'ascii').digest();
  try {
    verifyKeyAttestation(decodeAttestationData(requiredMember(signed, 'attestation_data')), { key, aik: aik.publicKey, qualifyingData });
  } catch (error) {
    if (error instanceof KeyAttestationError || error instanceof AttestationDataError)
      throw new Fault('sts.50013.attestation_invalid', {}, { cause: error });
    throw error;
  }
}

async function ticketIsValid(state: UserlessSignIn): Promise<void> {
  const { sts, signed, now } = state;
  try {
    state.ticket = await verifyDeviceTicket(requiredMember(signed, 'ddid'), {
      authorities: sts.authorities,
      audiences: entraTicketAudiences,
      now,
    });
  } catch (error) {
    if (error instanceof DeviceTicketError) throw new Fault('sts.50155.ticket_invalid', {}, { cause: error });
    throw error;
  }
}

/** The DDID has to be registered in the tenant of the path; `common` leaves the tenant to the registration. */
async function deviceIsRegistered(state: UserlessSignIn): Promise<void> {
  const { sts, request, ticket } = state;
  const { tenant } = request.segment;
  const registration = await sts.em.findOneBy(AutopilotDevice, { ddid: ticket.ddid, ...(tenant ? { tenantId: tenant.id } : {}) });
  if (!registration) throw new Fault('sts.50155.device_not_registered');
  state.registration = registration;
  const exchange = currentExchange();
  exchange.tenantId = registration.tenantId;
  exchange.serial = registration.serialNumber;
}

/** Ticket, AIK and registration have to speak of one TPM (reference 06, D-A19 and D-A20). */
function endorsementKeyIsTheRegisteredOne({ aik, ticket, registration }: UserlessSignIn): void {
  if (aik.ekHash !== registration?.ekHash) throw new Fault('sts.50155.ek_mismatch');
  if (ticket.ekh !== null && ticket.ekh !== aik.ekHash) throw new Fault('sts.50155.ek_mismatch');
}

/** In the order of reference 06, D-A21. The device's directory object is not among them: DRS judges that. */
export const userlessChecks: readonly Check<UserlessSignIn>[] = [
  nonceIsFresh,
  deviceKeySignedTheRequest,
  aikIsValid,
  aikCertifiedTheDeviceKey,
  ticketIsValid,
  deviceIsRegistered,
  endorsementKeyIsTheRegisteredOne,
];

/** Ticket and registration only: who it is that was refused, when an earlier check stopped before asking. */
export const identifyingChecks: readonly Check<UserlessSignIn>[] = [ticketIsValid, deviceIsRegistered];
