import { currentExchange, findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { encodeDeviceAddFailure, encodeTokenFault } from '@greenscreen/wire/msa';
import { type MsaFault, msaFaults } from './msa.errors.js';

const XML = 'text/xml; charset=utf-8';
const SOAP = 'application/soap+xml; charset=utf-8';

/** `Date` is the time that the request saw, for clients that set their clock by it. */
const dated = (): Record<string, string> => ({ Date: (findExchange()?.time ?? new Date()).toUTCString() });

export const xmlReply = (status: number, body: Buffer, more: Reply['headers'] = {}): Reply =>
  reply(status, XML, body, { ...dated(), ...more });
export const soapReply = (status: number, body: Buffer, more: Reply['headers'] = {}): Reply =>
  reply(status, SOAP, body, { ...dated(), ...more });

const later = ({ retryAfter }: MsaFault): Record<string, string> => (retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });

/** Refusals of device add: `Success="false"` with an HTTP error. */
export const deviceAddDialect: FaultDialect<MsaFault> = {
  table: msaFaults,
  internal: 'msa.ServerError',
  unstorable: { code: 'msa.InvalidRequest' },
  render: ({ entry }) => xmlReply(entry.status, encodeDeviceAddFailure({ code: entry.code, subcode: entry.reqstatus }), later(entry)),
};

/** Refusals of RST2: SOAP faults, which come with 200 unless the service itself is in trouble. */
export const tokenDialect: FaultDialect<MsaFault> = {
  table: msaFaults,
  internal: 'msa.ServerError',
  unstorable: { code: 'msa.InvalidRequest' },
  render: ({ entry, text }) => {
    const body = encodeTokenFault({ reqstatus: entry.reqstatus, subcode: entry.subcode, text, now: currentExchange().time ?? new Date() });
    return soapReply(entry.status === 400 ? 200 : entry.status, body, later(entry));
  },
};
