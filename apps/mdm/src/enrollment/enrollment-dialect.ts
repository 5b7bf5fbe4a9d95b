import { findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { discoverActions } from '@greenscreen/wire/mde2';
import { encodeEnrollmentFault, messageIdOf, SOAP_TYPE } from '@greenscreen/wire/soap';
import { rstActions } from '@greenscreen/wire/wstep';
import { getPoliciesActions } from '@greenscreen/wire/xcep';
import { type EnrollmentFaultEntry, enrollmentFaults } from '../mdm.errors.js';

/** Response action of the operation that was called; Windows ignores it (06 D-B8). */
const actions: Readonly<Record<string, string>> = {
  Discover: discoverActions.response,
  GetPolicies: getPoliciesActions.response,
};

/** Defaults to the Subcode's local name (06 D-B8). */
const errorTypeOf = ({ errorType, subcode }: EnrollmentFaultEntry): string => errorType ?? subcode.replace(/^.*:/, '');

/** Answers a refusal of enrollment with the SOAP fault that `encode` makes of it. */
export const enrollmentFaultBy =
  (encode: typeof encodeEnrollmentFault): FaultDialect<EnrollmentFaultEntry>['render'] =>
  ({ entry, text }): Reply => {
    const exchange = findExchange();
    const body = encode({
      action: actions[exchange?.operation ?? ''] ?? rstActions.response,
      relatesTo: exchange && messageIdOf(exchange.body),
      subcode: entry.subcode,
      errorType: errorTypeOf(entry),
      text,
      traceId: exchange?.traceId ?? '',
    });
    return reply(entry.status, SOAP_TYPE, body);
  };

/** SOAP 1.2 faults in PascalCase, with the detail that Windows looks for (reference 04, 3.7; design 4.3). */
export const enrollmentDialect: FaultDialect<EnrollmentFaultEntry> = {
  table: enrollmentFaults,
  internal: 'mdm.InternalServiceFault',
  unstorable: { code: 'mdm.MessageFormat' },
  render: enrollmentFaultBy(encodeEnrollmentFault),
};
