import { CsrError, decodeCsr, verifyCsr } from '@greenscreen/crypto/pkcs10';
import { type Check } from '@greenscreen/host/exchange';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { ContextItems, csrTypes, decodeRequestSecurityToken, DEVICE_ENROLLMENT_TOKEN, requestTypes } from '@greenscreen/wire/wstep';
import { MINIMAL_KEY_LENGTH } from '../policy/enrollment-policy.js';
import { decoded } from '../soap-request.js';
import { authenticate, credentialOf } from '../token/authenticate.js';
import { type EnrollmentRequest } from './admission.js';

function messageIsIssue(state: EnrollmentRequest): void {
  state.rst = decoded(() => decodeRequestSecurityToken(state.message));
  if (state.rst.tokenType !== DEVICE_ENROLLMENT_TOKEN || state.rst.requestType !== requestTypes.issue) throw new Fault('mdm.MessageFormat');
}

async function tokenIsValid(state: EnrollmentRequest): Promise<void> {
  state.principal = await authenticate(state.mdm, credentialOf(state.message));
}

/** What we need to know of a device (reference 04, 3.1 [our choice]). */
const required = ['DeviceID', 'EnrollmentType', 'DeviceType', 'OSVersion'] as const;

function contextIsComplete(state: EnrollmentRequest): void {
  state.context = new ContextItems(state.rst.context);
  const missing = required.find((name) => !state.context.get(name));
  if (missing !== undefined) throw new Fault('mdm.InvalidEnrollmentData', { item: missing });
  if (!['Device', 'Full'].includes(state.context.get('EnrollmentType') ?? ''))
    throw new Fault('mdm.InvalidEnrollmentData', { item: 'EnrollmentType' });
  const serial = state.context.get('SerialNumber');
  if (serial) currentExchange().serial = serial;
}

/** Signed by its own key, RSA, long enough. Subject and requested extensions are ignored: the CA has its own (reference 04, 3.2). */
function certificateRequestIsSound(state: EnrollmentRequest): void {
  const { request } = state.rst;
  if (request?.valueType !== csrTypes.pkcs10) throw new Fault('mdm.CertificateRequest');
  try {
    state.csr = decodeCsr(request.der);
  } catch (error) {
    if (error instanceof CsrError) throw new Fault('mdm.CertificateRequest', {}, { cause: error });
    throw error;
  }
  const { publicKey } = state.csr;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < MINIMAL_KEY_LENGTH || !verifyCsr(state.csr))
    throw new Fault('mdm.CertificateRequest');
}

/** First part of 06 D-B11's order: what the request itself is worth. */
export const requestChecks: readonly Check<EnrollmentRequest>[] = [
  messageIsIssue,
  tokenIsValid,
  contextIsComplete,
  certificateRequestIsSound,
];
