import { ImeCodecError } from './error.js';

/** Kinds of request that an agent sends in a gateway session (reference 04, 4.6). */
export const requestContentTypes = ['PolicyRequest', 'GetSelectedApp', 'GetContentInfo', 'GetScript'] as const;
export type RequestContentType = (typeof requestContentTypes)[number];

/** Body of `PUT …/SideCarGatewaySessions('<guid>')`, both directions: what is not understood survives. */
export interface GatewaySession {
  readonly sessionId: string;
  readonly requestContentType: string;
  /** JSON text. */
  readonly requestPayload: string;
  /** JSON text, or base64 for GetSelectedApp. Only in answers. */
  readonly responsePayload?: string;
  /** Every member as it came. */
  readonly members: Readonly<Record<string, unknown>>;
}

const SESSION_SEGMENT = /^SideCarGatewaySessions\('([0-9a-f-]{36})'\)$/i;
export const GATEWAY_API_VERSION = '1.5';

export const gatewaySessionUrl = (gateway: string, sessionId: string): string =>
  `${gateway.replace(/\/$/, '')}/SideCarGatewaySessions('${sessionId}')?api-version=${GATEWAY_API_VERSION}`;

/** The session id of a path segment `SideCarGatewaySessions('<guid>')`. */
export const sessionIdOf = (segment: string): string | undefined => SESSION_SEGMENT.exec(segment)?.[1]?.toLowerCase();

export function decodeGatewaySession(text: string): GatewaySession {
  const members = parseObject(text);
  const { SessionId, RequestContentType, RequestPayload, ResponsePayload } = members;
  if (typeof RequestContentType !== 'string') throw new ImeCodecError('RequestContentType is missing');
  return {
    sessionId: typeof SessionId === 'string' ? SessionId : '',
    requestContentType: RequestContentType,
    requestPayload: typeof RequestPayload === 'string' ? RequestPayload : '',
    ...(typeof ResponsePayload === 'string' ? { responsePayload: ResponsePayload } : {}),
    members,
  };
}

/** The agent's request. `clientInfo` and `payload` travel as JSON text inside the JSON. */
export function encodeGatewayRequest(request: {
  readonly sessionId: string;
  readonly contentType: RequestContentType;
  readonly payload: unknown;
  readonly clientInfo: Readonly<Record<string, unknown>>;
  readonly checkinReason: string;
}): string {
  return JSON.stringify({
    Key: request.sessionId,
    SessionId: request.sessionId,
    RequestContentType: request.contentType,
    RequestPayload: JSON.stringify(request.payload),
    ResponseContentType: null,
    ClientInfo: JSON.stringify(request.clientInfo),
    ResponsePayload: null,
    EnabledFlights: null,
    CheckinIntervalMinutes: null,
    GenericWorkloadRequests: null,
    GenericWorkloadResponse: null,
    CheckinReasonPayload: JSON.stringify({ AgentCheckinReason: request.checkinReason }),
    CheckinReason: request.checkinReason,
  });
}

/** The same object, answered. */
export function encodeGatewayAnswer(session: GatewaySession, responsePayload: string): string {
  return JSON.stringify({ ...session.members, ResponseContentType: session.requestContentType, ResponsePayload: responsePayload });
}

/** A JSON object of any members; anything else is refused. */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ImeCodecError('not JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ImeCodecError('not a JSON object');
  return Object.fromEntries(Object.entries(value));
}
