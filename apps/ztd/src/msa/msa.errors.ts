import { type FaultEntry, type FaultTable } from '@greenscreen/host/faults';

/** A refusal of login.live.com. */
export interface MsaFault extends FaultEntry {
  /** `Error Code` of a device add. */
  readonly code: string;
  /** Local name of the WS-Trust subcode of a token request. */
  readonly subcode: string;
  /** `reqstatus` of a token request. */
  readonly reqstatus: string;
  /** `Retry-After`, seconds. */
  readonly retryAfter?: number;
}

const OURS = 'our choice (reference 01, 4.1 and 4.2: the form is known, the codes are not)';

const row = (code: string, subcode: string, reqstatus: string, text: string, evidence = OURS): MsaFault => ({
  // The CRM client reads a refused device add from an HTTP error; a token fault comes with 200 (see the dialects).
  status: 400,
  code,
  subcode,
  reqstatus,
  hresult: reqstatus,
  text,
  evidence,
});

export const msaFaults: FaultTable<MsaFault> = {
  'msa.BadCredentials': row(
    'dc002',
    'FailedAuthentication',
    '0x80048823',
    'Authentication Failure',
    'inferred (reference 01, 4.2); form of a public capture',
  ),
  'msa.InvalidRequest': row('dc001', 'InvalidRequest', '0x80048826', 'Invalid Request'),
  /** The Timestamp is not of now: clients whose clock is wrong find the server's in the fault. */
  'msa.RequestExpired': row('dc003', 'InvalidTimeRange', '0x80048820', 'The request is outside of its time range'),
  'msa.InvalidDeviceToken': row('dc004', 'FailedAuthentication', '0x80048821', 'The device token is not valid'),
  'msa.ServerError': { ...row('dc999', 'RequestFailed', '0x80048875', 'The service failed'), status: 500 },
  'msa.Throttled': { ...row('dc998', 'RequestFailed', '0x80048876', 'Too many requests'), status: 429, retryAfter: 5 },
  'msa.Unavailable': { ...row('dc997', 'RequestFailed', '0x80048877', 'The service is unavailable'), status: 503 },
};
