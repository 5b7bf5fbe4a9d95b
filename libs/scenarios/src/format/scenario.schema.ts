import { checkpoints } from '@greenscreen/device/context';
import { z } from 'zod';

/** `95m`, `450ms`, `6h`, `30d` → milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'is not a duration such as 450ms, 30s, 7m, 2h or 190d')
  .transform((text) => {
    const [, amount = '0', unit = 's'] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 1);
  });

const checkpoint = z.enum(checkpoints);

const device = z.strictObject({
  serial: z.string().min(1).max(60).default('LAB-0001'),
  manufacturer: z.string().default('Contoso Devices'),
  model: z.string().default('Labbook 14'),
  os_build: z
    .string()
    .regex(/^\d{5}\.\d+$/)
    .default('26100.2454'),
  edition: z.enum(['Pro', 'Enterprise', 'Education', 'Core']).default('Pro'),
  tpm: z
    .strictObject({
      kind: z.enum(['discrete', 'firmware', 'none']).default('discrete'),
      vendor: z.enum(['IFX', 'STM', 'NTC', 'INTC', 'AMD', 'QCOM', 'MSFT']).default('IFX'),
      spec: z.literal('2.0').default('2.0'),
      firmware: z.string().default('7.85'),
      ek: z
        .strictObject({ alg: z.enum(['rsa2048', 'ecc']).default('rsa2048'), cert: z.enum(['nv', 'fetch', 'absent']).default('nv') })
        .prefault({}),
    })
    .prefault({}),
  unjoin: z.enum(['local', 'drs-delete']).default('local'),
  user: z.strictObject({ upn: z.email().optional() }).prefault({}),
});

const app = z.strictObject({
  id: z.string().min(1),
  type: z.enum(['win32']).default('win32'),
  detection: z.enum(['match', 'miss']).default('match'),
  exit: z.number().int().default(0),
  seconds: z.number().min(0).default(20),
});

const tenant = z.strictObject({
  autopilot: z
    .strictObject({
      profile: z.strictObject({
        name: z.string(),
        joinType: z.enum(['entra']).default('entra'),
        preprovisioningAllowed: z.boolean().default(true),
      }),
    })
    .optional(),
  apps: z.array(app).default([{ id: 'a1', type: 'win32', detection: 'match', exit: 0, seconds: 40 }]),
  policies: z
    .array(z.strictObject({ uri: z.string().startsWith('./'), value: z.union([z.string(), z.number(), z.boolean()]) }))
    .default([]),
});

export const flowStep = z.union([z.enum(['register', 'technician', 'reseal', 'user']), z.strictObject({ wait: duration })], {
  error: 'is none of register, technician, reseal, user, {wait: 95m}',
});

/** A pattern that the verdict will compile: one that cannot be is the file's error, not the run's. */
const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'is not a regular expression');

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

const eventData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const channel = z.enum(['autopilot', 'management', 'udr', 'dmedp', 'shellcore', 'aad']);

const hresult = z.string().regex(/^0x[0-9a-f]{8}$/, 'is not 0x and eight lower-case digits');

const expectation = z.strictObject({
  screen: z.enum(['green', 'red', 'landing-error', 'oobe-error', 'esp-error', 'stuck', 'desktop']).optional(),
  reached: z.array(checkpoint).default([]),
  not_reached: z.array(checkpoint).default([]),
  hresult: z.union([hresult, z.array(hresult)], { error: 'is not 0x and eight lower-case digits, or a list of such' }).optional(),
  disposition: z.number().int().min(0).max(8).optional(),
  events: z
    .array(z.strictObject({ channel, id: z.number().int(), data: eventData.optional(), absent: z.boolean().optional() }))
    .default([]),
  requests: z
    .array(
      z.strictObject({
        service: z.string(),
        on: z.string(),
        count: z.number().int().optional(),
        min: z.number().int().optional(),
        max: z.number().int().optional(),
        status: z.array(z.number().int()).optional(),
      }),
    )
    .default([]),
  cloud: z.array(comparison).default([]),
  local: z.strictObject({ dsreg: z.record(z.string(), z.union([z.boolean(), z.string()])).optional() }).optional(),
});

/** One YAML file: one runnable replay (reference 05, section C). Unknown keys are errors: a typo must not turn a failure into a green run. */
export const scenarioSchema = z.strictObject({
  apiVersion: z.literal('whiteglove.lab/v1'),
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not kebab-case'),
  title: z.string().default(''),
  tags: z.array(z.string()).default([]),
  /** For ids and chance; never for keys (reference 06, D-A74). */
  seed: z.number().int().default(1),
  device: device.prefault({}),
  tenant: tenant.prefault({}),
  flow: z.array(flowStep).min(1).default(['register', 'technician', 'reseal', 'user']),
  expect: expectation.prefault({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type Expectation = Scenario['expect'];
export type FlowStep = Scenario['flow'][number];
