import { JoseError, verifySessionJws } from '@greenscreen/crypto/jose';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { DeviceCertificate, type EntraDevice } from '@greenscreen/model/directory';
import { type RefreshToken } from '@greenscreen/model/sts';
import { type DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { userOfGrant } from '../tenancy/password.js';
import { deviceOfGrant } from '../tokens/device-of-grant.js';
import { requireFreshNonce } from '../tokens/nonce.store.js';
import { findRefreshToken, requireUsable } from '../tokens/refresh-token.store.js';
import { openSessionKey } from '../tokens/session-key.seal.js';
import { type SignIn } from '../tokens/sign-in-log.js';
import { type SignedRequest } from './signed-request.js';

/** A request signed with the session key of a PRT, as far as it has been checked. */
export class SessionSigned {
  prt: RefreshToken;
  sessionKey: Buffer;
  tenant: Tenant;
  device: EntraDevice;
  user: DirectoryUser;
  now: Date;

  constructor(
    readonly sts: StsServices,
    readonly signed: Pick<SignedRequest, 'jws' | 'text'>,
    readonly signIn: SignIn,
    /** Tenant of the path, if it names one. */
    readonly pathTenant: Tenant | undefined,
  ) {}
}

/** The PRT stands in the payload, which nothing vouches for yet: it only leads to the key that the signature is checked with. */
async function prtIsKnown(state: SessionSigned): Promise<void> {
  const token = state.signed.text('refresh_token') ?? state.signed.text('previous_refresh_token');
  if (token === undefined) throw new Fault('sts.90014', { field: 'refresh_token' });
  state.prt = await findRefreshToken(state.sts.em, token, 'primary');
  if (state.prt.sealedSessionKey === null) throw new Fault('sts.140001');
  state.sessionKey = openSessionKey(state.prt.sealedSessionKey, token);
  state.tenant = await state.sts.em.findOneByOrFail(Tenant, { id: state.prt.tenantId });
  if (state.pathTenant && state.pathTenant.id !== state.tenant.id) throw new Fault('sts.70000');
  currentExchange().tenantId = state.tenant.id;
  state.now = await state.sts.clock.now(state.tenant.id);
}

function sessionKeySignedTheRequest({ signed, sessionKey }: SessionSigned): void {
  try {
    if (!verifySessionJws(signed.jws, sessionKey)) throw new Fault('sts.900384');
  } catch (error) {
    if (error instanceof JoseError) throw new Fault('sts.50027', {}, { cause: error });
    throw error;
  }
}

async function deviceIsEnabled(state: SessionSigned): Promise<void> {
  const device = await deviceOfGrant(state.sts.em, state.prt.deviceObjectId);
  if (!device) throw new Fault('sts.50155');
  state.device = device;
  currentExchange().deviceId = device.deviceId;
  state.signIn.deviceId = device.deviceId;
}

/** A later join replaces the certificate, and with it every PRT that was issued to the old one (reference 06, D-A39). */
async function certificateIsTheDevices({ sts, prt }: SessionSigned): Promise<void> {
  const row = prt.certificateThumbprint && (await sts.em.findOneBy(DeviceCertificate, { thumbprint: prt.certificateThumbprint }));
  if (!row || row.replacedAt !== null) throw new Fault('sts.50155');
}

async function userIsEnabled(state: SessionSigned): Promise<void> {
  state.user = await userOfGrant(state.sts.em, state.prt.userId);
  Object.assign(state.signIn, { userId: state.user.id, upn: state.user.upn });
}

function prtIsUsable({ prt, now }: SessionSigned): void {
  requireUsable(prt, now);
}

async function nonceIsFresh({ sts, signed, tenant }: SessionSigned): Promise<void> {
  await requireFreshNonce(sts, signed.text('request_nonce'), tenant);
}

/** What every request under a PRT's session key has to pass (reference 02, 7.5). */
export const sessionChecks: readonly Check<SessionSigned>[] = [
  prtIsKnown,
  sessionKeySignedTheRequest,
  deviceIsEnabled,
  certificateIsTheDevices,
  userIsEnabled,
  prtIsUsable,
  nonceIsFresh,
];
