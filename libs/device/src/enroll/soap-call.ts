import { decodeEnrollmentFault, SOAP_TYPE } from '@greenscreen/wire/soap';
import { type DeviceContext, type DeviceResponse, hresultOfStatus } from '../context/index.js';
import { EnrollmentError, menroll } from './enrollment-error.js';
import { hresultOfFault } from './fault-hresult.js';

/** What the enrollment client needs of the device. */
export type EnrollContext = Pick<
  DeviceContext,
  'network' | 'random' | 'clock' | 'traits' | 'registry' | 'stores' | 'keys' | 'events' | 'timeline'
>;

/** The native client's name (reference 04, 0.2 rule 3). */
const USER_AGENT = 'ENROLLClient';

export const probeHeaders = { 'User-Agent': USER_AGENT, Pragma: 'no-cache', 'Cache-Control': 'no-cache' } as const;

export interface SoapCall {
  readonly service: 'mdm-discovery' | 'mdm-policy' | 'mdm-enroll';
  readonly operation: string;
  readonly url: string;
  readonly body: Buffer;
}

/** Posts a SOAP message; anything but a 200 with a body is an {@link EnrollmentError} with the code that Windows shows. */
export async function callSoap({ network }: Pick<DeviceContext, 'network'>, call: SoapCall): Promise<Buffer> {
  const response = await network.http({ ...call, method: 'POST', headers: { 'User-Agent': USER_AGENT, 'Content-Type': SOAP_TYPE } });
  if (response.status !== 200) throw refusal(response);
  if (response.body.length === 0) throw new EnrollmentError(menroll.emptyMessage, 'The answer is empty', { status: 200 });
  return response.body;
}

/** The error in an answer: its fault, else its status; an empty one has a code of its own (reference 04, 3.7 step 1; 06 D-B10). */
export function refusal({ status, body, header }: Pick<DeviceResponse, 'status' | 'body' | 'header'>): EnrollmentError {
  const retryAfter = header('retry-after');
  const details = { status, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (body.length === 0) return new EnrollmentError(menroll.emptyMessage, `The answer to ${status} is empty`, details);
  const fault = decodeEnrollmentFault(body);
  if (!fault) return new EnrollmentError(hresultOfStatus(status), `HTTP ${status} without a fault`, details);
  return new EnrollmentError(hresultOfFault(fault), fault.reason || fault.errorType || fault.subcode, { ...details, fault });
}

/** An answer with status 200 that is not what was asked for: a fault, or something else (200 → 0x801900c8). */
export const unusable = (body: Buffer): EnrollmentError => refusal({ status: 200, body, header: () => undefined });
