import {
  decodeServiceError,
  encodeProfileRequest,
  hresultOfServiceError,
  parseProfileDocument,
  type ProfileDocument,
  type ServiceError,
  ZTD_ORIGIN,
  ztdPaths,
} from '@greenscreen/wire/ztd';
import { type DeviceResponse, editions, hex, hresultOfStatus, osVersion } from '../context/index.js';
import { DownloadError, INVALID_JSON } from './download-error.js';
import { type ProfileContext } from './profile-context.js';

/** Builds that also log event 824 (06, D-A61). */
const DETAILED_ERRORS = 26_200;
/** How much of a body goes into an event. */
const BODY_IN_EVENT = 2_000;

export interface ProfileCall {
  readonly ticket: string;
  /** '' for none. */
  readonly hardwareHash: string;
  readonly correlationVector: string;
}

/** An answer with a status from 200 to 299 and a JSON object in it. */
export interface ProfileAnswer {
  readonly document: ProfileDocument;
  readonly response: DeviceResponse;
}

/** One request for the profile (reference 01, 5.2). Throws {@link DownloadError}, or NetworkError when there was no answer. */
export async function requestProfile(context: ProfileContext, call: ProfileCall): Promise<ProfileAnswer> {
  const { network, traits } = context;
  const response = await network.http({
    service: 'ztd',
    operation: 'GetProfile',
    method: 'GET',
    url: `${ZTD_ORIGIN}${ztdPaths.profile}`,
    headers: encodeProfileRequest({
      deviceToken: call.ticket,
      correlationVector: call.correlationVector,
      hardwareHash: call.hardwareHash,
      manufacturer: traits.manufacturer,
      model: traits.model,
      osVersion: osVersion(traits),
      osEdition: String(editions[traits.edition]),
    }),
  });
  if (response.status < 200 || response.status > 299) throw refusalOf(context, response, call.correlationVector);
  const document = parseProfileDocument(response.body);
  if (!document) throw new DownloadError(INVALID_JSON, 'The profile is not a JSON object', { status: response.status });
  return { document, response };
}

/** What Windows reads from an answer that is no success: events 709 and 824, or 708 (reference 01, 5.5). */
function refusalOf(context: ProfileContext, response: DeviceResponse, correlationVector: string): DownloadError {
  const { status, body } = response;
  const retryAfter = response.header('retry-after');
  const details = { status, ...(retryAfter === undefined ? {} : { retryAfter }) };
  const refusal = decodeServiceError(body);
  if (!refusal) {
    context.events.emit('autopilot', 708, { HRESULT: hex(hresultOfStatus(status)), Body: response.text().slice(0, BODY_IN_EVENT) });
    return new DownloadError(hresultOfStatus(status), `HTTP ${status} instead of a profile`, details);
  }
  reportRefusal(context, refusal, response, correlationVector);
  return new DownloadError(hresultOfServiceError(refusal.code), refusal.reason, { ...details, refusal });
}

function reportRefusal(
  { events, traits }: ProfileContext,
  { code, reason }: ServiceError,
  response: DeviceResponse,
  correlationVector: string,
): void {
  events.emit('autopilot', 709, { ResponseCode: `0x${code.toString(16).toUpperCase()}`, Message: reason });
  if (Number(traits.osBuild.split('.')[0]) < DETAILED_ERRORS) return;
  events.emit('autopilot', 824, {
    HRESULT: hex(hresultOfServiceError(code)),
    CorrelationVector: correlationVector,
    StatusCode: response.status,
    ServerErrorCode: String(code),
    ServerErrorMessage: reason,
    ServerResponseJson: response.text().slice(0, BODY_IN_EVENT),
  });
}
