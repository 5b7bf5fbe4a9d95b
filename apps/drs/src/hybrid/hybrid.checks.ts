import { verify } from 'node:crypto';
import { CertificateError, decodeCertificate } from '@greenscreen/crypto/x509';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { EntraDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { joinTypes } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { JoinAttempt } from '../join/join-attempt.js';
import { bodyIsJson, certificateRequestIsSound, requestIsComplete, transportKeyIsUsable } from '../join/request.checks.js';

/** How old a computer's proof may be [our choice] (reference 02, 13.1). */
const FRESH_MS = 5 * 60_000;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `<objectSid>.yyyy-MM-dd HH:mm:ssZ` */
const PROOF = /^(S-1-[\d-]+)\.(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)Z$/;

/** A synchronised computer's join, as far as it has been checked. */
export class HybridAttempt extends JoinAttempt {
  override readonly kind = 'hybrid';
  /** The synchronised object. */
  object: EntraDevice;

  constructor(
    drs: JoinAttempt['drs'],
    input: JoinAttempt['input'],
    /** Of the path. */
    readonly deviceId: string,
  ) {
    super(drs, input);
  }
}

function versionIsServed({ input }: HybridAttempt): void {
  requireApiVersion(input.path, ['1.0', '2.0']);
}

function joinIsHybrid({ request }: HybridAttempt): void {
  if (request.joinType !== joinTypes.hybrid) throw new Fault('drs.InvalidParameter', { member: 'JoinType' });
  if (!request.clientIdentity) throw new Fault('drs.InvalidParameter', { member: 'ServerAdJoinData' });
}

/** The object comes with the synchronisation; nothing is ever made here (reference 02, 13.1 [doc]). */
async function objectIsSynchronized(attempt: HybridAttempt): Promise<void> {
  const { drs, deviceId } = attempt;
  const device = GUID.test(deviceId) ? await drs.em.findOneBy(EntraDevice, { deviceId: deviceId.toLowerCase() }) : null;
  if (!device || device.state === 'deleted' || device.userCertificate === null) {
    await drs.clock.now();
    throw new Fault('drs.ObjectNotFound', { id: deviceId });
  }
  attempt.object = device;
  attempt.tenant = await drs.em.findOneByOrFail(Tenant, { id: device.tenantId });
  attempt.now = await drs.clock.now(device.tenantId);
  Object.assign(currentExchange(), { tenantId: device.tenantId, deviceId: device.deviceId });
}

/** The computer signs its SID and the time with the key of its synchronised certificate. */
function identityIsProven({ request, object, now }: HybridAttempt): void {
  const { sid, signature } = request.clientIdentity ?? { sid: '', signature: Buffer.alloc(0) };
  const [, objectSid, day, time] = PROOF.exec(sid) ?? [];
  const age = Math.abs(now.getTime() - Date.parse(`${day}T${time}Z`));
  const proven = objectSid === object.onPremisesSecurityIdentifier && age <= FRESH_MS && signed(object.userCertificate, sid, signature);
  if (!proven) throw new Fault('drs.ClientIdentityInvalid');
}

function signed(certificate: Buffer | null, text: string, signature: Buffer): boolean {
  try {
    return certificate !== null && verify('sha256', Buffer.from(text, 'ascii'), decodeCertificate(certificate).publicKey, signature);
  } catch (error) {
    if (error instanceof CertificateError) return false;
    throw error;
  }
}

/** In the order of a join (reference 02, 10.5), with the computer's proof in the token's place. */
export const hybridChecks: readonly Check<HybridAttempt>[] = [
  bodyIsJson,
  versionIsServed,
  requestIsComplete,
  joinIsHybrid,
  certificateRequestIsSound,
  transportKeyIsUsable,
  objectIsSynchronized,
  identityIsProven,
];
