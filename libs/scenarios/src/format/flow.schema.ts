import { checkpoints } from '@greenscreen/device/context';
import { z } from 'zod';
import { duration } from './duration.js';

export const checkpoint = z.enum(checkpoints);

const phases = ['register', 'technician', 'reseal', 'user', 'work-account', 'enroll-only'] as const;
const words = phases.join(', ');
const verbs = '{wait}, {reboot}, {mutate}, {retry}, {reset}, {clear_faults}, {graph}';

const record = z
  .strictObject({
    target: z.enum(['AP', 'DEV', 'MD', 'EVT']),
    set: z.record(z.string(), z.unknown()).optional(),
    delete: z.literal(true).optional(),
    clone: z.literal(true).optional(),
  })
  .refine(
    ({ set, delete: gone, clone }) => [set, gone, clone].filter((member) => member !== undefined).length === 1,
    'needs exactly one of set, delete and clone',
  );

/** A change from outside: to one of the cloud's records, to what the administrator has set, or to the PC. */
const mutation = z.discriminatedUnion(
  'target',
  [
    record,
    z.strictObject({ target: z.literal('app'), id: z.string(), set: z.record(z.string(), z.unknown()) }),
    z.strictObject({ target: z.literal('device'), set: z.record(z.string(), z.unknown()) }),
    z.strictObject({ target: z.literal('tenant'), set: z.record(z.string(), z.unknown()) }),
  ],
  { error: 'has none of the targets AP, DEV, MD, EVT, app, device, tenant' },
);
export type Mutation = z.output<typeof mutation>;
export type RecordMutation = z.output<typeof record>;
export { record as recordMutation };

const graph = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']).default('GET'),
  /** Without a version it goes to `/beta` (reference 06, D-A49); `{{AP.id}}` and the like are filled in. */
  path: z.string().startsWith('/'),
  body: z.record(z.string(), z.unknown()).optional(),
});

const verb = z.union([
  z.strictObject({ wait: duration }),
  /** A restart of the PC when it comes to this checkpoint the next time. */
  z.strictObject({ reboot: checkpoint }),
  z.strictObject({ mutate: mutation }),
  z.strictObject({ retry: z.enum(['technician', 'user']) }),
  z.strictObject({ reset: z.literal(true) }),
  z.strictObject({ clear_faults: z.literal(true) }),
  z.strictObject({ graph }),
]);

const byVerb: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  verb.options.flatMap((option) => Object.keys(option.shape).map((name) => [name, option])),
);

/** Phases and verbs; what is wrong inside a verb is told of that verb, not of all of them. */
export const flowStep = z.union([z.enum(phases), verb], {
  error: ({ input }) => {
    const name = typeof input === 'object' && input !== null ? Object.keys(input)[0] : undefined;
    const option = name === undefined ? undefined : byVerb[name];
    const issue = option?.safeParse(input).error?.issues[0];
    if (!issue) return `is none of ${words}, ${verbs}`;
    return `${issue.path.join('.')}${issue.path.length > 0 ? ' ' : ''}${issue.message}`;
  },
});

export type FlowStep = z.output<typeof flowStep>;
