import { type FaultDialect } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { graphJson } from '../graph-reply.js';
import { graphDialect, type GraphFault, graphFaults } from '../graph.errors.js';

/** The older directory graph writes the same refusals in the older OData form [general knowledge of Azure AD Graph, inferred]. */
export const directoryGraphDialect: FaultDialect<GraphFault> = {
  table: graphFaults,
  internal: graphDialect.internal,
  unstorable: graphDialect.unstorable,
  render: ({ entry, text }): Reply =>
    graphJson(entry.status, {
      'odata.error': { code: oldCodes[entry.code] ?? entry.directoryCode ?? entry.code, message: { lang: 'en', value: text } },
    }),
};

const oldCodes: Readonly<Record<string, string>> = { InvalidAuthenticationToken: 'Authentication_MissingOrMalformed' };
