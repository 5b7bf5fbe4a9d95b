import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { reply } from '@greenscreen/host/reply';

const html = (status: number, text: string): FaultEntry => ({ status, text, evidence: 'our choice (reference 04, 4.1)' });

/** Refusals below SyncML: a device that may not speak, and what is no message. Everything else is a status inside the answer. */
export const managementFaults: FaultTable = {
  'omadm.Forbidden': html(403, '403 - Forbidden'),
  // A public client stops on this literal (reference 04, 9).
  'omadm.BadRequest': html(400, '400 - Bad Request'),
  'omadm.MethodNotAllowed': html(405, '405 - Method Not Allowed'),
  'omadm.UnsupportedMediaType': html(415, '415 - Unsupported Media Type'),
  'omadm.Internal': html(500, '500 - Internal Server Error'),
};

export const managementDialect: FaultDialect = {
  table: managementFaults,
  internal: 'omadm.Internal',
  unstorable: { code: 'omadm.BadRequest' },
  render: ({ entry, text }) => reply(entry.status, 'text/html', text),
};
