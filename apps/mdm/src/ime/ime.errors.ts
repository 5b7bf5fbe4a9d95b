import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json } from '@greenscreen/host/reply';

const row = (status: number, text: string): FaultEntry => ({
  status,
  text,
  evidence: 'our choice: no refusal of the real service was seen',
});

/** Refusals of the management extension's services. */
export const imeFaults: FaultTable = {
  'ime.Forbidden': row(403, 'The client certificate is not accepted'),
  'ime.BadRequest': row(400, 'The request cannot be read'),
  'ime.NotFound': row(404, 'There is no such application'),
  'ime.ServiceUnavailable': row(503, 'The service is unavailable'),
  'ime.Internal': row(500, 'An error has occurred'),
};

export const imeDialect: FaultDialect = {
  table: imeFaults,
  internal: 'ime.Internal',
  unstorable: { code: 'ime.BadRequest' },
  render: ({ entry, text }) => json(entry.status, { Message: text }),
};
