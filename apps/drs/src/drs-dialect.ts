import { decodeCompactJws, JoseError } from '@greenscreen/crypto/jose';
import { type Exchange, findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { reply, type Reply } from '@greenscreen/host/reply';
import { type DrsErrorShape, encodeDrsError, encodeKeyError, Members } from '@greenscreen/wire/drs';
import { type DrsFault, drsFaults } from './drs.errors.js';
import { drsJson } from './drs-reply.js';
import { apiVersionOf } from './api-version.js';

/** Refusals in the shape that the operation and the kind of join ask for (reference 06, D-A33). */
export const drsDialect: FaultDialect<DrsFault> = {
  table: drsFaults,
  internal: 'drs.UnknownError',
  unstorable: { code: 'drs.InvalidParameter', detail: { member: 'of the request' } },
  render: ({ entry, text }): Reply => {
    // Maintenance pages are no JSON (reference 02, 14.3). Windows does not wait, others may.
    if (entry.status === 503) return reply(503, undefined, undefined, { 'Retry-After': '300' });
    const exchange = findExchange();
    const error = {
      code: entry.code,
      subcode: entry.subcode,
      message: text,
      traceId: exchange?.traceId ?? '',
      time: exchange?.time ?? new Date(),
    };
    const body = exchange?.operation === 'KeyProvision' ? encodeKeyError(error) : encodeDrsError(error, shapeOf(exchange));
    return drsJson(entry.status, body, entry.challenge === undefined ? {} : { 'WWW-Authenticate': entry.challenge });
  },
};

function shapeOf(exchange: Exchange | undefined): DrsErrorShape {
  if (exchange?.operation === 'Unjoin') return 'codedDetails';
  if (exchange?.operation !== 'Join') return 'details';
  if (isAutopilotJoin(exchange)) return 'coded';
  return apiVersionOf(exchange.path) === '1.0' ? 'details' : 'codedDetails';
}

/** A join by a device's token, or with a device ticket. Told from the request alone, so that an injected refusal has the same shape. */
function isAutopilotJoin({ body, headers }: Exchange): boolean {
  const attributes = Members.of(Members.of(parsed(body))?.get('attributes'));
  if (attributes?.get('DDID') !== undefined || attributes?.get('MSA-DDID') !== undefined) return true;
  const token = bearerToken(headers.authorization);
  return token !== undefined && idTypeOf(token) === 'device';
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function idTypeOf(token: string): unknown {
  try {
    return decodeCompactJws(token).payload.idtyp;
  } catch (error) {
    if (error instanceof JoseError) return undefined;
    throw error;
  }
}
