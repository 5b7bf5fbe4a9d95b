import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json } from '@greenscreen/host/reply';

/** Refusals of the lab's own API. Evidence is always our choice: no Microsoft client speaks it. */
export const controlFaults: FaultTable = {
  'control.BadRequest': { status: 400, text: '{reason}', evidence: 'our choice' },
  'control.NotFound': { status: 404, text: 'There is no {what}', evidence: 'our choice' },
  'control.Conflict': { status: 409, text: '{reason}', evidence: 'our choice' },
  'control.TooManyRuns': { status: 429, text: 'As many runs as may wait do so already', evidence: 'our choice' },
  'control.NoRunner': {
    status: 501,
    text: 'This process plays no scenarios: the "greenscreen" command starts one that does',
    evidence: 'our choice',
  },
  'control.Internal': { status: 500, text: 'Something went wrong; the log has the cause', evidence: 'our choice' },
};

export const controlDialect: FaultDialect<FaultEntry> = {
  table: controlFaults,
  internal: 'control.Internal',
  unstorable: { code: 'control.BadRequest', detail: { reason: 'The request has a character that is not allowed' } },
  render: ({ code, entry, text }) => json(entry.status, { error: { code: code.replace('control.', ''), message: text } }),
};
