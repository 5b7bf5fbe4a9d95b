import { currentExchange } from '@greenscreen/host/exchange';
import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json, reply } from '@greenscreen/host/reply';
import { encodeServiceMessage, failInfos, pkiStatuses } from '@greenscreen/wire/scep';

/** A row of reference 03, 2.11. With a `pkiStatus` it is told inside SCEP, by a signed message and HTTP 200. */
export interface AikFault extends FaultEntry {
  readonly pkiStatus?: string;
  readonly failInfo?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const BAD_REQUEST = '0x80190190';
const OURS = 'our choice (reference 03, 2.11)';

const row = (status: number, hresult: string, text: string, evidence: string, more: Partial<AikFault> = {}): AikFault => ({
  status,
  hresult,
  text,
  evidence,
  ...more,
});

/** Refusals of the AIK service, with the texts that clients' scripts look for. */
export const aikFaults: FaultTable<AikFault> = {
  'attestation.authorityUnknown': row(
    404,
    '0x80190194',
    'The authority "{authority}" does not exist.',
    'trace "GetCACaps: Not Found" and client write-up; JSON around it inferred (reference 03, 2.11)',
  ),
  'attestation.unparsable': row(400, BAD_REQUEST, 'Failed to parse SCEP request.', 'client: Test-AutopilotAttestation scripts'),
  'attestation.noValidEk': row(
    400,
    BAD_REQUEST,
    'No valid TPM EK/Platform certificate provided in the TPM identity request message.',
    'trace: call4cloud 0x80190190',
  ),
  'attestation.vulnerableFirmware': row(
    400,
    BAD_REQUEST,
    'Attestation statement cannot be verified, rejecting request. TPM firmware needs update.',
    'trace: rockenroll.tech',
  ),
  'attestation.statementInvalid': row(400, BAD_REQUEST, 'Attestation statement cannot be verified, rejecting request.', OURS),
  'attestation.challengeFailed': row(400, BAD_REQUEST, 'Failed to verify the challenge response.', OURS),
  'attestation.unavailable': row(503, '0x801901f7', 'The service is temporarily unavailable.', OURS, { headers: { 'Retry-After': '30' } }),
  'attestation.internal': row(500, '0x801901f4', 'An error occurred while processing the request.', OURS),
  'attestation.pending': row(200, '0x81039001', 'Pending', 'our choice (06 D-A56)', { pkiStatus: pkiStatuses.pending }),
  'attestation.scepFailure': row(200, BAD_REQUEST, 'The request is denied.', 'names of wincrypt.h [doc]; when it is sent, our choice', {
    pkiStatus: pkiStatuses.failure,
    failInfo: failInfos.badRequest,
  }),
  'attestation.unsupportedMessage': row(200, BAD_REQUEST, 'The message type is not supported.', OURS, {
    pkiStatus: pkiStatuses.failure,
    failInfo: failInfos.badRequest,
  }),
};

/** Headers of every answer of the AIK service [our choice; no client is known to check them]. */
export const serviceHeaders = (): Record<string, string> => ({
  'x-ms-request-id': currentExchange().traceId,
  'x-content-type-options': 'nosniff',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
});

/** Refusals outside of SCEP: `{"Message":"…"}`. */
export const aikDialect: FaultDialect<AikFault> = {
  table: aikFaults,
  internal: 'attestation.internal',
  unstorable: { code: 'attestation.unparsable' },
  render: ({ entry, text }) => json(entry.status, encodeServiceMessage(text), { ...serviceHeaders(), ...entry.headers }),
};

const EK_EVIDENCE = 'clients only need a status of at least 400; which one is our choice (reference 03, 1.3 to 1.5)';

/** Refusals of the EK services and of publications. */
export const ekFaults: FaultTable = {
  'ek.notFound': { status: 404, hresult: '0x80190194', text: 'EK certificate not found.', evidence: EK_EVIDENCE },
  'ek.forbidden': {
    status: 403,
    hresult: '0x80190193',
    text: 'Forbidden.',
    evidence: 'client: smallstep/crypto, on an "=" that is not percent-encoded (reference 03, 1.3)',
  },
  'ek.badRequest': { status: 400, hresult: BAD_REQUEST, text: 'The request is not valid.', evidence: EK_EVIDENCE },
  'ek.methodNotAllowed': { status: 405, hresult: '0x80190195', text: '', evidence: 'client: connectivity script (reference 03, 1.5)' },
  'ek.unavailable': { status: 503, hresult: '0x801901f7', text: 'The service is temporarily unavailable.', evidence: EK_EVIDENCE },
  'ek.internal': { status: 500, hresult: '0x801901f4', text: 'An error occurred.', evidence: EK_EVIDENCE },
};

/** Intel, AMD and publications say nothing beside the status. */
export const silentDialect: FaultDialect<FaultEntry> = {
  table: ekFaults,
  internal: 'ek.internal',
  unstorable: { code: 'ek.badRequest' },
  render: ({ entry }) => reply(entry.status),
};

/** Qualcomm's service answers in JSON [our choice]. */
export const qualcommDialect: FaultDialect<FaultEntry> = {
  table: ekFaults,
  internal: 'ek.internal',
  unstorable: { code: 'ek.badRequest' },
  render: ({ entry, text }) =>
    entry.status === 405 ? reply(entry.status, undefined, '', { Allow: 'POST' }) : json(entry.status, encodeServiceMessage(text)),
};
