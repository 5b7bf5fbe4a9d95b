import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json } from '@greenscreen/host/reply';

const row = (status: number, text: string): FaultEntry => ({
  status,
  text,
  evidence: 'our choice: no refusal of the real service was seen',
});

/** Refusals of the services behind the Company Portal. */
export const portalFaults: FaultTable = {
  'portal.Unauthorized': row(401, 'The token is missing or not accepted'),
  'portal.NotFound': row(404, 'The user has no such device'),
  'portal.ServiceUnavailable': row(503, 'The service is unavailable'),
  'portal.Internal': row(500, 'An error has occurred'),
};

export const portalDialect: FaultDialect = {
  table: portalFaults,
  internal: 'portal.Internal',
  unstorable: { code: 'portal.NotFound' },
  render: ({ entry, text }) => json(entry.status, { Message: text }),
};
