import { decodeBase64Either, verifyRs256 } from '@greenscreen/crypto/jose';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { DeviceCertificateError, type DeviceIdentity, identifyDevice } from '@greenscreen/host/identity';
import { Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { requireEnabledDevice } from '../tokens/device-of-grant.js';
import { requireFreshNonce } from '../tokens/nonce.store.js';
import { type SignedRequest } from './signed-request.js';

/** A request signed with a device certificate's key, as far as it has been checked. */
export class DeviceSigned {
  identity: DeviceIdentity;
  tenant: Tenant;
  now: Date;

  constructor(
    readonly sts: StsServices,
    readonly request: Pick<TokenRequest, 'segment' | 'signIn'>,
    readonly signed: Pick<SignedRequest, 'jws' | 'text' | 'grant'>,
  ) {}
}

/** `x5c` is one string or an array of one (reference 02, 7.1). */
function certificateOf({ jws }: Pick<SignedRequest, 'jws'>): Buffer {
  const { x5c } = jws.header;
  const first: unknown = Array.isArray(x5c) ? x5c[0] : x5c;
  if (typeof first !== 'string') throw new Fault('sts.50027');
  try {
    return decodeBase64Either(first.replace(/\s/g, ''));
  } catch (error) {
    throw new Fault('sts.50027', {}, { cause: error });
  }
}

async function certificateBelongsToADevice(state: DeviceSigned): Promise<void> {
  const { em, authorities, clock } = state.sts;
  try {
    state.identity = await identifyDevice(certificateOf(state.signed), { em, authorities, now: (tenantId) => clock.now(tenantId) });
  } catch (error) {
    if (!(error instanceof DeviceCertificateError)) throw error;
    throw new Fault(error.problem === 'malformed' ? 'sts.50027' : 'sts.50155', {}, { cause: error });
  }
  const { device } = state.identity;
  state.tenant = await em.findOneByOrFail(Tenant, { id: device.tenantId });
  state.now = await clock.now(device.tenantId);
}

function deviceIsOfThePathsTenant({ request, identity, tenant }: DeviceSigned): void {
  if (request.segment.tenant && request.segment.tenant.id !== tenant.id) throw new Fault('sts.50155');
  const exchange = currentExchange();
  exchange.tenantId = tenant.id;
  exchange.deviceId = identity.device.deviceId;
  request.signIn.deviceId = identity.device.deviceId;
}

function deviceIsEnabled({ identity }: DeviceSigned): void {
  requireEnabledDevice(identity.device);
}

function deviceKeySignedTheRequest({ signed, identity }: DeviceSigned): void {
  if (!verifyRs256(signed.jws, identity.certificate.publicKey)) throw new Fault('sts.900384');
}

async function nonceIsFresh({ sts, signed, tenant }: DeviceSigned): Promise<void> {
  await requireFreshNonce(sts, signed.text('request_nonce'), tenant);
}

/** What every device-signed request has to pass, in the order of reference 02, 7.1. */
export const deviceChecks: readonly Check<DeviceSigned>[] = [
  certificateBelongsToADevice,
  deviceIsOfThePathsTenant,
  deviceIsEnabled,
  deviceKeySignedTheRequest,
  nonceIsFresh,
];
