import { z } from 'zod';
import { duration, signedDuration } from './duration.js';
import { checkpoint, recordMutation } from './flow.schema.js';
import { checkOperation, service } from './names.js';
import { templates } from './templates.js';

const match = z.strictObject({
  serial: z.string().min(1).optional(),
  deviceId: z.uuid().optional(),
  ztdid: z.uuid().optional(),
  header: z.record(z.string(), z.string()).optional(),
  /** Text that the body contains, such as a grant or a resource. */
  body: z.string().min(1).optional(),
  nth: z.number().int().min(1).optional(),
  from: z.number().int().min(1).optional(),
  until: z.number().int().min(1).optional(),
  after: checkpoint.optional(),
  before: checkpoint.optional(),
  probability: z.number().min(0).max(1).optional(),
});

const detail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const respond = z
  .strictObject({
    /** Code of the service's own table of refusals: `drs.DeviceNotFound`. */
    code: z.string().min(1).optional(),
    detail: detail.optional(),
    template: z.enum(templates).optional(),
    args: z.array(z.union([z.string(), z.number()])).optional(),
    status: z.number().int().min(200).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
  })
  .refine(
    ({ code, template, status }) => [code, template, status].filter((member) => member !== undefined).length === 1,
    'needs exactly one of code, template and status',
  );

const members = {
  respond: respond.optional(),
  hold: z.literal(true).optional(),
  drip: z.strictObject({ bytes: z.number().int().min(1), every: duration }).optional(),
  connection: z.enum(['refuse', 'reset', 'close_mid_body']).optional(),
  tls: z.enum(['expired', 'not_yet_valid', 'wrong_host', 'untrusted_root', 'no_client_cert_seen']).optional(),
  cert: z
    .strictObject({
      target: z.enum(['aik', 'device', 'mdm', 'ra']),
      defect: z.enum([
        'no_policy_oid',
        'wrong_issuer',
        'expired',
        'not_yet_valid',
        'other_key',
        'truncated',
        'wrong_store',
        'wrong_thumbprint',
      ]),
    })
    .optional(),
  token: z
    .strictObject({
      aud: z.string().optional(),
      exp: signedDuration.optional(),
      nbf: signedDuration.optional(),
      tid: z.string().optional(),
      ddid: z.string().optional(),
      drop: z.array(z.string()).optional(),
    })
    .optional(),
  corrupt: z.enum(['challenge']).optional(),
  tamper: z.enum(['badAuthPolicy', 'badEnrollmentVersion', 'emptyAuthServiceUrl', 'noNonce', 'chunked']).optional(),
  syncml: z
    .strictObject({ uri: z.string().startsWith('./'), status: z.number().int().optional(), omit: z.literal(true).optional() })
    .refine(({ status, omit }) => (status === undefined) !== (omit === undefined), 'needs either a status or omit')
    .optional(),
  record: recordMutation.optional(),
};

const action = z.strictObject({ ...members, delay: duration.optional() }).superRefine((given, context) => {
  const present = Object.keys(members).filter((name) => Object.hasOwn(given, name));
  if (present.length === 1 || (present.length === 0 && given.delay !== undefined)) return;
  const message =
    present.length === 0
      ? `does nothing: needs one of ${Object.keys(members).join(', ')}, delay`
      : `does two things: ${present.join(' and ')}`;
  context.addIssue({ code: 'custom', message });
});

/** A fault of a service (reference 05, C.4), of the network's names, or of its time. */
const serviceFault = z
  .strictObject({
    service,
    on: z.string().min(1),
    match: match.prefault({}),
    action,
    /** Injected answers carry `X-Greenscreen-Fault`. */
    marked: z.boolean().default(true),
  })
  .superRefine(checkOperation)
  .refine(({ match: { after }, action: { record } }) => record === undefined || after !== undefined, {
    path: ['match'],
    message: 'needs after: records are changed at a checkpoint',
  });

const networkFault = z.union([
  /** `on` is the host name that does not resolve (reference 06, D-A72). */
  z.strictObject({ service: z.literal('dns'), on: z.string().min(3), action: z.strictObject({ connection: z.literal('refuse') }) }),
  z.strictObject({
    service: z.literal('ntp'),
    on: z.literal('*').default('*'),
    action: z.strictObject({ connection: z.literal('refuse') }),
  }),
]);

const isOfNetwork = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'service' in value && (value.service === 'dns' || value.service === 'ntp');

export const fault = z.unknown().transform((value, context) => {
  const result = isOfNetwork(value) ? networkFault.safeParse(value) : serviceFault.safeParse(value);
  if (result.success) return result.data;
  for (const { path, ...issue } of result.error.issues) context.addIssue({ ...issue, path: [...path] });
  return z.NEVER;
});

/** The shape of {@link fault}, for what describes schemas. */
export const faultShape = z.union([serviceFault, ...networkFault.options]);

export type ServiceFault = z.output<typeof serviceFault>;
export type NetworkFault = z.output<typeof networkFault>;
export type ScenarioFault = ServiceFault | NetworkFault;

export const isNetworkFault = (given: ScenarioFault): given is NetworkFault => given.service === 'dns' || given.service === 'ntp';
