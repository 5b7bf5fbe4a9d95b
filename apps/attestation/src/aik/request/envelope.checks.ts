import { CmsError, decryptEnvelopedData, type OpenedEnvelope } from '@greenscreen/crypto/cms';
import { publicKeyFromSpki, KeyError } from '@greenscreen/crypto/keys';
import { decodeAikRequest, decodeEkInfo, scepSignerHash } from '@greenscreen/crypto/scep';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { Tenant } from '@greenscreen/model/tenancy';
import { ekHashOf, HardwareHashError } from '@greenscreen/wire/hardware-hash';
import { ScepError } from '@greenscreen/wire/scep';
import { type RegistrationAuthority } from '../registration-authority.js';
import { type AikEnrollment } from './aik-enrollment.js';

/** What cannot be read is refused with one text, whatever is wrong with it. */
export function parsed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScepError || error instanceof CmsError || error instanceof KeyError || error instanceof HardwareHashError)
      throw new Fault('attestation.unparsable', {}, { cause: error });
    throw error;
  }
}

export const openEnvelope = (der: Buffer, { encryption }: RegistrationAuthority): OpenedEnvelope =>
  parsed(() => decryptEnvelopedData(der, encryption.key));

/** Decrypts and parses; the digest in the signature's place is looked at with that. */
export function envelopeHoldsARequest(state: AikEnrollment): void {
  const { content, cipher } = openEnvelope(state.message.envelope, state.ra);
  state.cipher = cipher;
  state.request = parsed(() => decodeAikRequest(content));
}

export function requestNamesItsSigner({ request, message }: AikEnrollment): void {
  if (!request.signerHash.equals(scepSignerHash(message.signer.der))) throw new Fault('attestation.unparsable');
}

/** Opens EK_INFO, and with it knows whose device this is and what time it has. */
export async function ekInfoIsReadable(state: AikEnrollment): Promise<void> {
  const { services, request, ra } = state;
  state.ekInfo = parsed(() => decodeEkInfo(openEnvelope(request.ekInfo, ra).content));
  state.ekHash = parsed(() => ekHashOf(publicKeyFromSpki(state.ekInfo.spki)));
  const registration = await services.em.findOneBy(AutopilotDevice, { ekHash: state.ekHash });
  if (registration) {
    const exchange = currentExchange();
    exchange.tenantId = registration.tenantId;
    exchange.serial = registration.serialNumber;
    state.tenant = (await services.em.findOneBy(Tenant, { id: registration.tenantId })) ?? undefined;
  }
  state.now = await services.clock.now(registration?.tenantId);
}
