import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { ContextItems, csrTypes, DEVICE_ENROLLMENT_TOKEN, requestTypes } from '@greenscreen/wire/wstep';
import { authenticate, credentialOf } from '../token/authenticate.js';
import { type EnrollmentRequest } from './admission.js';
import { soundRequest } from './certificate-request.js';
import { identifiersArePlausible } from './identifiers.js';

function messageIsIssue({ rst }: EnrollmentRequest): void {
  if (rst.tokenType !== DEVICE_ENROLLMENT_TOKEN || rst.requestType !== requestTypes.issue) throw new Fault('mdm.MessageFormat');
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
  identifiersArePlausible(state.context);
  const serial = state.context.get('SerialNumber');
  if (serial) currentExchange().serial = serial;
}

function certificateRequestIsSound(state: EnrollmentRequest): void {
  const { request } = state.rst;
  if (request?.valueType !== csrTypes.pkcs10) throw new Fault('mdm.CertificateRequest');
  state.csr = soundRequest(request.der);
}

/** First part of 06 D-B11's order: what the request itself is worth. */
export const requestChecks: readonly Check<EnrollmentRequest>[] = [
  messageIsIssue,
  tokenIsValid,
  contextIsComplete,
  certificateRequestIsSound,
];
