import { currentExchange } from '@greenscreen/host/exchange';
import { type FaultDialect } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { encodeServiceError } from '@greenscreen/wire/ztd';
import { type AnswerShape } from '../settings.js';
import { answerStyle } from './answer-style.js';
import { type ZtdFault, ztdFaults } from './ztd.errors.js';
import { ztdGarbage, ztdJson } from './ztd-reply.js';

const later = ({ retryAfter }: ZtdFault): Record<string, string> => (retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });

/** Refusals of the profile service; `defaultShape` is for requests of nobody's tenant (reference 01, 5.5; 06, D-A61 and D-A62). */
export const ztdDialect = (defaultShape: AnswerShape): FaultDialect<ZtdFault> => ({
  table: ztdFaults,
  internal: 'ztd.500',
  unstorable: { code: 'ztd.801' },
  render: ({ entry, text }): Reply => {
    if (entry.number === undefined) return ztdJson(entry.status, { Message: text }, later(entry));
    const error = { code: entry.number, reason: entry.reason ?? '' };
    const shape = answerStyle().errorShape ?? defaultShape;
    if (shape === 'garbage') return ztdGarbage(entry.status);
    if (shape === 'A' && entry.embeddable) return ztdJson(200, encodeServiceError(error, 'A', currentExchange().traceId));
    return ztdJson(entry.status, encodeServiceError(error, shape === 'A' ? 'Bstr' : shape, currentExchange().traceId));
  },
});
