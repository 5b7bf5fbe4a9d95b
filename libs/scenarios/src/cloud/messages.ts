import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());

/** A tenant made for one run. */
export const runTenant = z.object({
  id: z.string(),
  initialDomain: z.string(),
  domains: z.array(z.string()),
  /** User principal names. */
  users: z.array(z.string()),
  password: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});
export type RunTenant = z.output<typeof runTenant>;

/** A device's records side by side, as control shows them; null where there is no such record. */
export const deviceRecords = z.object({
  AP: fields.nullable(),
  DEV: fields.nullable(),
  MD: fields.nullable(),
  EVT: fields.nullable(),
  /** How many of each there are. */
  counts: z.record(z.string(), z.number()),
});
export type DeviceRecords = z.output<typeof deviceRecords>;

export const forgedCertificate = z.object({
  /** Base64 of the DER. */
  certificate: z.base64(),
  /** Host of the AIK authority for EKs of this issuer. */
  aikHost: z.string(),
});

/** A line of the journal. */
export const journalLine = z.object({
  id: z.string(),
  at: z.string(),
  milliseconds: z.number(),
  service: z.string(),
  operation: z.string(),
  tenantId: z.string().nullable(),
  deviceId: z.string().nullable(),
  serial: z.string().nullable(),
  run: z.string().nullable(),
  traceId: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  status: z.number(),
  refusal: z.string().nullable(),
  refusedBy: z.string().nullable(),
  /** Id of the fault rule that hit it. */
  fault: z.string().nullable(),
});
export type JournalLine = z.output<typeof journalLine>;
export const journalLines = z.object({ entries: z.array(journalLine) });

const body = z.union([z.object({ text: z.string() }), z.object({ base64: z.string() })]);
/** What bytes say: `value` by the names of the specification, `parts` for structures in it. */
export interface JournalView {
  readonly kind: string;
  readonly value?: unknown;
  readonly parts?: readonly JournalPart[] | undefined;
}
export interface JournalPart {
  readonly at: string;
  readonly view: JournalView;
}
const view: z.ZodType<JournalView> = z.lazy(() => z.object({ kind: z.string(), value: z.unknown(), parts: parts.optional() }));
const parts: z.ZodType<readonly JournalPart[]> = z.lazy(() => z.array(z.object({ at: z.string(), view })));

/** An exchange of the journal, whole. */
export const journalExchange = journalLine.extend({
  decoded: z.object({
    query: view.optional(),
    request: view.optional(),
    response: view.optional(),
    requestHeaders: parts,
    responseHeaders: parts,
  }),
  requestHeaders: fields,
  request: body,
  responseHeaders: fields,
  response: body,
});
export type JournalExchange = z.output<typeof journalExchange>;

/** A fault as control shows it. */
export const armedFault = z.object({
  id: z.string(),
  service: z.string(),
  on: z.string(),
  match: fields,
  action: fields,
  run: z.string().nullable(),
  tenant: z.string().nullable(),
  seen: z.number(),
  hits: z.number(),
});
export type FaultLine = z.output<typeof armedFault>;
export const armedFaults = z.object({ value: z.array(armedFault) });
export const walk = z.object({
  hops: z.array(z.object({ step: z.number(), service: z.string(), operation: z.string() })),
  armed: z.array(armedFault),
});
export type FailureWalk = z.output<typeof walk>;

export const imported = z.object({ restart: z.boolean() });
export const snapshotList = z.object({ value: z.array(z.object({ name: z.string(), size: z.number() })) });
export type Snapshot = z.output<typeof snapshotList>['value'][number];

const timelineStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checkpoint'), at: z.string(), checkpoint: z.string() }),
  journalLine
    .pick({ id: true, at: true, service: true, operation: true, method: true, host: true, path: true, status: true, milliseconds: true })
    .extend({
      kind: z.literal('exchange'),
      refusal: z.string().nullable(),
      refusedBy: z.string().nullable(),
      fault: z.string().nullable(),
    }),
]);
/** An exchange of a run, or a checkpoint that its device reached. */
export type TimelineStep = z.output<typeof timelineStep>;
export const runSummary = z.object({
  run: z.string(),
  /** `recorded`: only the journal knows of it. */
  state: z.enum(['waiting', 'running', 'as-expected', 'different', 'failed', 'aborted', 'lost', 'recorded']),
  scenario: z.string().nullable(),
  /** Why it could not be played to its end. */
  problem: z.string().nullable(),
  screen: z.string().nullable(),
  hresult: z.string().nullable(),
  differences: z.array(z.object({ what: z.string(), expected: z.string(), actual: z.string() })),
  tenant: z.string().nullable(),
  serial: z.string().nullable(),
  startedAt: z.string(),
  /** Null while it goes on. */
  endedAt: z.string().nullable(),
  exchanges: z.number(),
  refused: z.number(),
  faulted: z.number(),
});
/** A run: what became of it, and what the journal has of it. */
export type RunSummary = z.output<typeof runSummary>;
export const runList = z.object({ runs: z.array(runSummary) });
export const runTimeline = runSummary.extend({ timeline: z.array(timelineStep) });
export type RunTimeline = z.output<typeof runTimeline>;
export const runDifferences = z.object({
  a: runSummary,
  b: runSummary,
  differences: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('only'), in: z.enum(['a', 'b']), step: timelineStep }),
      z.object({ kind: z.literal('changed'), a: timelineStep, b: timelineStep, members: z.array(z.string()) }),
    ]),
  ),
});
/** Where two runs part. */
export type RunDifferences = z.output<typeof runDifferences>;

export const readiness = z.object({ ready: z.boolean(), dependencies: z.record(z.string(), z.string()) });
export type Readiness = z.output<typeof readiness>;
export const version = z.object({ version: z.string() });
export const clockReading = z.object({ now: z.iso.datetime() });
export const tenants = z.object({
  tenants: z.array(z.object({ id: z.string(), displayName: z.string(), initialDomain: z.string(), domains: z.array(z.string()) })),
});
export type TenantSummary = z.output<typeof tenants>['tenants'][number];

export const pendingCodes = z.object({ pending: z.array(z.object({ user: z.string(), tenantId: z.string(), code: z.string() })) });
/** A code that a second-factor page waits for. */
export type PendingCode = z.infer<typeof pendingCodes>['pending'][number];
