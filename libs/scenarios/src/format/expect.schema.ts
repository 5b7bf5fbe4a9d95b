import { z } from 'zod';
import { duration } from './duration.js';
import { checkpoint } from './flow.schema.js';
import { checkOperation, service } from './names.js';

/** A pattern that the verdict will compile: one that cannot be is the file's error, not the run's. */
const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'is not a regular expression');

/** Text, or a pattern between slashes. */
const textOrPattern = z.string().refine((text) => !/^\/.*\/$/.test(text) || pattern.safeParse(text.slice(1, -1)).success, {
  error: 'is not a regular expression',
});

const comparison = z
  .strictObject({
    at: checkpoint.optional(),
    path: z.string(),
    value: z.unknown().optional(),
    not: z.unknown().optional(),
    matches: pattern.optional(),
  })
  .refine(
    (entry) => ['value', 'not', 'matches'].filter((name) => name in entry).length === 1,
    'compares with exactly one of value, not, matches',
  );

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const channel = z.enum(['autopilot', 'management', 'udr', 'dmedp', 'shellcore', 'aad', 'laps']);
const hresult = z.string().regex(/^0x[0-9a-f]{8}$/, 'is not 0x and eight lower-case digits');

const states = [
  'notStarted',
  'inProgress',
  'succeeded',
  'failed',
  'cancelled',
  'failedFromPreviousSubcategory',
  'rebootRequiredAndTryAgain',
] as const;

const requests = z
  .strictObject({
    service,
    on: z.string(),
    count: z.number().int().min(0).optional(),
    min: z.number().int().min(0).optional(),
    max: z.number().int().min(0).optional(),
    /** Of every request in its order; 0 where there was no answer. */
    status: z.array(z.number().int()).optional(),
  })
  .superRefine(checkOperation);

const local = z.strictObject({
  /** Fields of `dsregcmd /status`; true is YES. */
  dsreg: z.record(z.string(), z.union([z.boolean(), z.string()])).optional(),
  certs: z.array(z.strictObject({ issuer: z.string(), present: z.boolean(), store: z.string().optional() })).optional(),
  /** The end of a path with the value's name, parts separated by dots or backslashes; null is none. */
  registry: z.record(z.string(), z.union([scalar, z.null()])).optional(),
  /** The end of a Windows path; whether there is such a file. */
  files: z.record(z.string(), z.boolean()).optional(),
});

/** What a run must lead to (reference 05, C.5). */
export const expectation = z.strictObject({
  /** Unless given: green after a technician's phase, the desktop after a user's. */
  screen: z.enum(['green', 'red', 'landing-error', 'oobe-error', 'esp-error', 'stuck', 'settings-error', 'desktop']).optional(),
  /** What the last page says. */
  text: textOrPattern.optional(),
  /** Pages that are shown, in this order; others may stand between them. */
  screens: z.array(z.string()).default([]),
  reached: z.array(checkpoint).default([]),
  not_reached: z.array(checkpoint).default([]),
  /** Null: the page shows none. */
  hresult: z.union([hresult, z.array(hresult), z.null()], { error: 'is not 0x and eight lower-case digits, or a list of such' }).optional(),
  disposition: z.number().int().min(0).max(8).optional(),
  /** `DeviceSetup.AppsSubcategory`: how the line stood at the end. */
  esp: z
    .record(
      z
        .string()
        .regex(/^(DevicePreparation|DeviceSetup|AccountSetup)\.\w+Subcategory$/, 'is not a line such as DeviceSetup.AppsSubcategory'),
      z.strictObject({ state: z.enum(states).optional(), text: textOrPattern.optional() }),
    )
    .default({}),
  events: z
    .array(
      z.strictObject({
        channel,
        id: z.number().int(),
        data: z.record(z.string(), scalar).optional(),
        absent: z.boolean().optional(),
        /** How often it is logged, instead of where. */
        count: z.number().int().min(1).optional(),
      }),
    )
    .default([]),
  requests: z.array(requests).default([]),
  cloud: z.array(comparison).default([]),
  local: local.prefault({}),
  /** Device time that the last phase took. */
  elapsed: z.strictObject({ min: duration.optional(), max: duration.optional() }).optional(),
});

export type Expectation = z.output<typeof expectation>;
