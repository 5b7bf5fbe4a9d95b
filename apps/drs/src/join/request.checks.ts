import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { rsaPublicKey } from '@greenscreen/crypto/keys';
import { type Csr, CsrError, decodeCsr, verifyCsr } from '@greenscreen/crypto/pkcs10';
import { Tenant } from '@greenscreen/model/tenancy';
import { decodeJoinRequest, DrsFormatError, joinTypes } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { requireBearer, verifyRegistrationToken } from '../token/registration-token.js';
import { type JoinAttempt } from './join-attempt.js';

/** Subject that every certificate request carries; the rest of its subject is nobody's business (reference 02, 10.1). */
const CSR_SUBJECT = '7e980ad9-b86d-4306-9425-9ac066fb014a';
const SMALLEST_KEY_BITS = 2048;
/** Join types by kind of token (reference 02, 10.3; 06 D-A24). */
const userJoinTypes: readonly number[] = [joinTypes.entraJoin, joinTypes.register, joinTypes.entraJoinAlternative];
const deviceJoinTypes: readonly number[] = [joinTypes.entraJoin, joinTypes.deviceAutoDdid];

/** The JSON value of a body; InvalidParameter when it is none. */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new Fault('drs.InvalidParameter', { member: 'request body' }, { cause: error });
  }
}

/** Runs a decoder of the wire; what it cannot read is InvalidParameter with the member's name. */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DrsFormatError) throw new Fault('drs.InvalidParameter', { member: error.member }, { cause: error });
    throw error;
  }
}

/** A usable certificate request: subject, RSA of at least 2048 bits, signed by its own key. */
export function requireSoundCsr(der: Buffer): Csr {
  const csr = decodedCsr(der);
  const { asymmetricKeyType, asymmetricKeyDetails } = csr.publicKey;
  const sound =
    csr.commonName.toLowerCase() === CSR_SUBJECT &&
    asymmetricKeyType === 'rsa' &&
    (asymmetricKeyDetails?.modulusLength ?? 0) >= SMALLEST_KEY_BITS &&
    verifyCsr(csr);
  if (!sound) throw new Fault('drs.InvalidParameter', { member: 'CertificateRequest' });
  return csr;
}

function decodedCsr(der: Buffer): Csr {
  try {
    return decodeCsr(der);
  } catch (error) {
    if (error instanceof CsrError) throw new Fault('drs.InvalidParameter', { member: 'CertificateRequest' }, { cause: error });
    throw error;
  }
}

export function bodyIsJson(attempt: JoinAttempt): void {
  attempt.value = parseBody(attempt.input.body);
}

async function tokenIsValid(attempt: JoinAttempt): Promise<void> {
  const { drs, input } = attempt;
  const claims = await verifyRegistrationToken(drs, requireBearer(input.authorization));
  attempt.claims = claims;
  attempt.kind = claims.kind === 'device' ? 'device' : 'user';
}

async function tenantIsKnown(attempt: JoinAttempt): Promise<void> {
  const { drs, claims } = attempt;
  const tenant = claims && (await drs.em.findOneBy(Tenant, { id: claims.tid }));
  if (!tenant) throw new Fault('drs.InvalidToken');
  attempt.tenant = tenant;
  attempt.now = await drs.clock.now(tenant.id);
}

export function versionIsServed({ input }: JoinAttempt): void {
  requireApiVersion(input.path, ['1.0', '2.0', '3.0']);
}

export function requestIsComplete(attempt: JoinAttempt): void {
  attempt.request = decoded(() => decodeJoinRequest(attempt.value));
}

function joinTypeFitsTheToken({ request, kind }: JoinAttempt): void {
  if (!(kind === 'device' ? deviceJoinTypes : userJoinTypes).includes(request.joinType))
    throw new Fault('drs.InvalidParameter', { member: 'JoinType' });
}

export function certificateRequestIsSound(attempt: JoinAttempt): void {
  attempt.csr = requireSoundCsr(attempt.request.csr);
}

export function transportKeyIsUsable(attempt: JoinAttempt): void {
  const { modulus, exponent } = attempt.request.transportKey;
  attempt.transportKey = rsaPublicKey(modulus, exponent);
}

/** What every join has to pass, in the order of reference 02, 10.5. */
export const requestChecks: readonly Check<JoinAttempt>[] = [
  bodyIsJson,
  tokenIsValid,
  tenantIsKnown,
  versionIsServed,
  requestIsComplete,
  joinTypeFitsTheToken,
  certificateRequestIsSound,
  transportKeyIsUsable,
];
