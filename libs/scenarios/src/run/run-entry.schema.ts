import { checkpoints } from '@greenscreen/device/context';
import { z } from 'zod';
import { recordNames } from './record-changes.js';
import { type RunEntry } from './run-entry.js';

const at = z.coerce.date();
const label = { service: z.string(), operation: z.string() };
const checkpoint = z.enum(checkpoints);
/** JSON has no member for what is undefined. */
const change = z
  .object({ record: z.enum(recordNames), path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })
  .transform(({ from, to, ...rest }) => ({ ...rest, from, to }));

/** An entry of a run as the control API passes it on, in JSON. */
export const runEntrySchema: z.ZodType<RunEntry> = z.discriminatedUnion('kind', [
  z.object({ at, kind: z.literal('phase'), phase: z.string() }),
  z.object({ at, kind: z.literal('screen'), screen: z.string(), text: z.string().exactOptional() }),
  z.object({
    at,
    kind: z.literal('esp'),
    line: z.string(),
    state: z.enum([
      'notStarted',
      'inProgress',
      'succeeded',
      'failed',
      'cancelled',
      'failedFromPreviousSubcategory',
      'rebootRequiredAndTryAgain',
    ]),
    text: z.string(),
  }),
  z.object({
    at,
    kind: z.literal('event'),
    channel: z.enum(['autopilot', 'management', 'udr', 'dmedp', 'shellcore', 'aad', 'laps']),
    id: z.number(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.object({
    at,
    kind: z.literal('exchange'),
    method: z.string(),
    url: z.string(),
    status: z.number(),
    milliseconds: z.number(),
    ...label,
  }),
  z.object({
    at,
    kind: z.literal('exchange-failed'),
    method: z.string(),
    url: z.string(),
    hresult: z.number(),
    message: z.string(),
    ...label,
  }),
  z.object({ at, kind: z.literal('checkpoint'), checkpoint }),
  z.object({ at, kind: z.literal('wait'), milliseconds: z.number(), why: z.string() }),
  z.object({ at, kind: z.literal('local'), what: z.string() }),
  z.object({
    at,
    kind: z.literal('records'),
    checkpoint,
    changes: z.array(change),
  }),
]);
