import { z } from 'zod';

const match = z.strictObject({
  serial: z.string().min(1).optional(),
  deviceId: z.uuid().optional(),
  ztdid: z.uuid().optional(),
  header: z.record(z.string(), z.string()).optional(),
  body: z.string().min(1).optional(),
  nth: z.number().int().min(1).optional(),
  from: z.number().int().min(1).optional(),
  until: z.number().int().min(1).optional(),
  after: z.string().min(1).optional(),
  before: z.string().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.number().int().optional(),
});

/** Members of a change to a device's record (06, D-B67). */
export const recordChangeMembers = {
  target: z.enum(['AP', 'DEV', 'MD', 'EVT']),
  set: z.record(z.string(), z.unknown()).optional(),
  delete: z.literal(true).optional(),
  clone: z.literal(true).optional(),
};

const respond = z
  .strictObject({
    code: z.string().min(1).optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    status: z.number().int().min(200).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
  })
  .refine(({ code, status }) => (code === undefined) !== (status === undefined), 'needs either a code or a status');

const action = z
  .strictObject({
    respond: respond.optional(),
    delayMs: z.number().int().min(0).max(600_000).optional(),
    hold: z.literal(true).optional(),
    drip: z.strictObject({ bytes: z.number().int().min(1), everyMs: z.number().int().min(0) }).optional(),
    connection: z.enum(['refuse', 'reset', 'close_mid_body']).optional(),
    tls: z.enum(['expired', 'not_yet_valid', 'wrong_host', 'untrusted_root', 'no_client_cert_seen']).optional(),
    cert: z.strictObject({ target: z.enum(['aik', 'device', 'mdm', 'ra']), defect: z.string().min(1) }).optional(),
    token: z
      .strictObject({
        aud: z.string().optional(),
        exp: z.number().int().optional(),
        nbf: z.number().int().optional(),
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
    record: z.strictObject({ ...recordChangeMembers, serial: z.string().min(1).optional() }).optional(),
  })
  .refine((given) => {
    const members = Object.keys(given).filter((name) => name !== 'delayMs');
    return members.length === 1 || (members.length === 0 && given.delayMs !== undefined);
  }, 'does exactly one thing; only delayMs may stand beside it');

/** Body of `POST /faults` (reference 05, C.4). */
export const faultRuleSchema = z
  .strictObject({
    run: z.string().min(1).max(128).optional(),
    tenant: z.uuid().optional(),
    service: z.string().min(1),
    on: z.string().min(1).default('*'),
    match: match.default({}),
    action,
    marked: z.boolean().default(true),
  })
  .refine(({ tenant, match, action: { record } }) => !record || (tenant !== undefined && (record.serial ?? match.serial) !== undefined), {
    path: ['action', 'record'],
    message: 'needs the tenant, and the serial of the device whose record it is',
  })
  .refine(
    ({ action: { record } }) => !record || [record.set, record.delete, record.clone].filter((one) => one !== undefined).length === 1,
    {
      path: ['action', 'record'],
      message: 'needs exactly one of set, delete and clone',
    },
  );

/** Body of `POST /faults/walk`. */
export const walkSchema = z.strictObject({
  /** A run that the journal has. */
  of: z.string().min(1),
  /** Only this hop's. */
  step: z.number().int().min(1).optional(),
  /** What happens at each hop; a passing outage unless given. */
  action: action.default({ respond: { status: 503, headers: { 'Retry-After': '5' } } }),
  run: z.string().min(1).max(128).optional(),
  tenant: z.uuid().optional(),
  marked: z.boolean().default(true),
});
