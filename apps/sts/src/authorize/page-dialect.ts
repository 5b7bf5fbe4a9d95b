import { findExchange } from '@greenscreen/host/exchange';
import { type FaultDialect } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { renderErrorPage } from '../sign-in/sign-in-page.js';
import { stsHtml } from '../sts-reply.js';
import { type StsFault, stsFaults } from '../sts.errors.js';

/** Refusals that must not be redirected are shown on a page. */
export const pageDialect: FaultDialect<StsFault> = {
  table: stsFaults,
  internal: 'sts.Internal',
  unstorable: { code: 'sts.90023' },
  render: ({ entry, text }): Reply => stsHtml(entry.status, renderErrorPage({ code: entry.code, text }, findExchange()?.traceId ?? '')),
};
