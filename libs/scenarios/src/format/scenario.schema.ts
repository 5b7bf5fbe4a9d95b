import { z } from 'zod';
import { device } from './device.schema.js';
import { signedDuration } from './duration.js';
import { expectation } from './expect.schema.js';
import { fault } from './fault.schema.js';
import { flowStep } from './flow.schema.js';
import { isPhase, phases } from './phases.js';
import { tenant } from './tenant.schema.js';

export const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not kebab-case');

const clock = z.strictObject({
  /** `real`: waits take as long as they do. */
  mode: z.enum(['virtual', 'real']).default('virtual'),
  /** When the run begins, for the cloud and the PC; now unless given. */
  start: z.iso.datetime().optional(),
  /** How far the PC's clock is wrong. */
  device_skew: signedDuration.optional(),
});

/** What people want to know of a failure before they replay it. */
const documentation = {
  /** Entry of the catalogue of failures (reference 05, section B). */
  catalogue: z.number().int().min(1).max(109).optional(),
  title: z.string().default(''),
  tags: z.array(z.string()).default([]),
  /** Where in a deployment it shows. */
  phase: z
    .string()
    .refine(isPhase, { error: `is none of ${Object.keys(phases).join(', ')}` })
    .optional(),
  /** What the technician or the user sees. */
  symptom: z.string().optional(),
  /** What has happened. */
  cause: z.string().optional(),
  /** Who decides that this is a failure. */
  decider: z.string().optional(),
  /** What helps; the steps are in `fix`. */
  remedy: z.string().optional(),
  /** How to tell it from others that look alike. */
  tell_apart: z.string().optional(),
  /** Documents, traces and programs that it is known from; `our choice` for what is nobody's. */
  sources: z.array(z.string()).default([]),
};

/** One YAML file: one runnable replay (reference 05, section C). Unknown keys are errors: a typo must not turn a failure into a green run. */
export const scenarioSchema = z.strictObject({
  apiVersion: z.literal('whiteglove.lab/v1'),
  id,
  ...documentation,
  /** Id of a scenario whose clock, device, tenant, flow and faults hold where this file says nothing. */
  extends: id.optional(),
  /** For ids and chance; never for keys (reference 06, D-A74). */
  seed: z.number().int().default(1),
  clock: clock.prefault({}),
  device: device.prefault({}),
  tenant: tenant.prefault({}),
  flow: z.array(flowStep).min(1).default(['register', 'technician', 'reseal', 'user']),
  faults: z.array(fault).default([]),
  expect: expectation.prefault({}),
  /** What repairs it; then {@link scenarioSchema.expect_after_fix} must hold. */
  fix: z.array(flowStep).optional(),
  expect_after_fix: expectation.prefault({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
