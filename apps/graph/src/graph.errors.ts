import { findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { encodeGraphError, encodeIntuneMessage } from '@greenscreen/wire/graph';
import { graphJson } from './graph-reply.js';

/** A row of reference 01, 3.1 "Errors". */
export interface GraphFault extends FaultEntry {
  readonly code: string;
  /** Code where the directory answers, not Intune. */
  readonly directoryCode?: string;
  /** The text is written by the OData layer in front of the services, so that Intune does not wrap it into JSON. */
  readonly plain?: boolean;
  /** Seconds until the client may try again. */
  readonly retryAfter?: number;
}

const DOC = 'Microsoft Graph error responses [doc]; codes of Intune [inferred] (reference 01, 3.1)';
const row = (status: number, code: string, text: string, more: Partial<GraphFault> = {}): GraphFault => ({
  status,
  code,
  text,
  evidence: DOC,
  ...more,
});

export const graphFaults: FaultTable<GraphFault> = {
  'graph.NoToken': row(401, 'InvalidAuthenticationToken', 'Access token is empty.', { plain: true }),
  'graph.InvalidAuthenticationToken': row(401, 'InvalidAuthenticationToken', 'Access token validation failure. {reason}', { plain: true }),
  'graph.Forbidden': row(
    403,
    'Forbidden',
    'Application is not authorized to perform this operation. Application must have one of the following scopes: {scopes}',
    {
      directoryCode: 'Authorization_RequestDenied',
    },
  ),
  'graph.ResourceNotFound': row(
    404,
    'ResourceNotFound',
    "Resource '{id}' does not exist or one of its queried reference-property objects are not present.",
    {
      directoryCode: 'Request_ResourceNotFound',
    },
  ),
  'graph.BadRequest': row(400, 'BadRequest', '{reason}', { directoryCode: 'Request_BadRequest' }),
  'graph.BadQuery': row(400, 'BadRequest', '{reason}', { plain: true }),
  'graph.UnreadableBody': row(400, 'BadRequest', '{reason}', { plain: true }),
  'graph.NoSuchSegment': row(400, 'BadRequest', "Resource not found for the segment '{segment}'.", { plain: true }),
  'graph.EdmBinary': row(400, 'BadRequest', "Cannot convert the literal '{literal}' to the expected type 'Edm.Binary'.", {
    plain: true,
    evidence: 'Troubleshooting Windows Autopilot, device import [doc] (reference 01, 1.1)',
  }),
  'graph.StrictSpaces': row(400, 'BadRequest', 'The filter value has a character that is not supported.', {
    evidence: 'public clients work around it (reference 01, 3.1); text is our choice',
  }),
  'graph.AlreadyMember': row(
    400,
    'BadRequest',
    "One or more added object references already exist for the following modified properties: 'members'.",
    {
      directoryCode: 'Request_BadRequest',
    },
  ),
  'graph.DeviceIsEnrolled': row(400, 'BadRequest', 'The device is enrolled. Delete it from Intune first.', {
    evidence: 'doc for the order; status and text are our choice (reference 01, 7.3)',
  }),
  'graph.ProfileIsAssigned': row(400, 'BadRequest', 'The profile is assigned. Remove its assignments first.', {
    evidence: 'our choice (reference 01, 3.5)',
  }),
  'graph.DeviceIsAutopilotRegistered': row(400, 'BadRequest', 'The device is registered with Windows Autopilot and cannot be deleted.', {
    directoryCode: 'Request_BadRequest',
    evidence: 'our choice, under graph.blockAutopilotDeviceDelete (06 D-A36)',
  }),
  'graph.Conflict': row(409, 'Conflict', 'A synchronization is running.', { evidence: 'doc (reference 01, 3.4); text is our choice' }),
  'graph.PreconditionFailed': row(412, 'PreconditionFailed', 'The ETag does not match the current one.'),
  'graph.SyncTooSoon': row(429, 'TooManyRequests', 'The previous synchronization was less than {seconds} seconds ago.', {
    retryAfter: 600,
    evidence: 'doc (reference 01, 3.4); text is our choice',
  }),
  'graph.TooManyRequests': row(429, 'TooManyRequests', 'Too many requests.', { retryAfter: 5, plain: true }),
  'graph.InternalServerError': row(500, 'InternalServerError', 'An internal server error has occurred.', { evidence: 'our choice' }),
  'graph.ServiceUnavailable': row(503, 'ServiceUnavailable', 'The service is temporarily unavailable.', { retryAfter: 30, plain: true }),
};

/** Which service stands behind Graph for a path: its refusals read differently. */
const isIntune = (path: string): boolean => /^\/(v1\.0|beta)\/device(App)?Management\b/i.test(path);

export const graphDialect: FaultDialect<GraphFault> = {
  table: graphFaults,
  internal: 'graph.InternalServerError',
  unstorable: { code: 'graph.BadQuery', detail: { reason: 'The request has a character that is not supported.' } },
  render: ({ entry, text, detail }): Reply => {
    const exchange = findExchange();
    const requestId = exchange?.traceId ?? '';
    const path = exchange?.path.split('?')[0] ?? '';
    const intune = isIntune(path);
    const retryAfter = typeof detail.retryAfter === 'number' ? detail.retryAfter : entry.retryAfter;
    const body = encodeGraphError({
      code: intune ? entry.code : (entry.directoryCode ?? entry.code),
      message: intune && !entry.plain ? encodeIntuneMessage(text, requestId, path) : text,
      requestId,
      clientRequestId: exchange?.clientRequestId ?? requestId,
      at: exchange?.time ?? new Date(),
    });
    return graphJson(entry.status, body, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
  },
};
