import { type DeviceRequest, type DeviceResponse, NetworkError } from '../context/index.js';
import { errorData } from './drs-hresult.js';
import { type DsregContext, dsregHeaders } from './dsreg-context.js';

/** Events that tell why there was no answer, by WinHTTP's code; the operation's own failure event comes beside them (reference 05, B.1). */
const reasons: Readonly<Record<number, number>> = {
  0x80072ee2: 233, // timed out
  0x80072ee7: 226, // name not resolved
  0x80072f8f: 231, // certificate of the server
};

export interface DsregCall {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly activityId: string;
  readonly bearer?: string;
  /** JSON text. */
  readonly body?: string;
  readonly clientCertificate?: DeviceRequest['clientCertificate'];
}

/** Asks the registration service. No answer at all is logged with its reason and stays a NetworkError. */
export async function callDrs(context: Pick<DsregContext, 'network' | 'traits' | 'events'>, call: DsregCall): Promise<DeviceResponse> {
  const { operation, method, url, activityId, bearer, body, clientCertificate } = call;
  try {
    return await context.network.http({
      service: 'drs',
      operation,
      method,
      url,
      headers: {
        ...dsregHeaders(context, activityId),
        ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body }),
      ...(clientCertificate ? { clientCertificate } : {}),
    });
  } catch (error) {
    const reason = error instanceof NetworkError ? reasons[error.hresult] : undefined;
    if (error instanceof NetworkError && reason !== undefined)
      context.events.emit('udr', reason, { ActivityId: activityId, ...errorData(error.hresult) });
    throw error;
  }
}
