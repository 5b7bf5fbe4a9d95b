import { Agent, type Dispatcher, request } from 'undici';
import { type z } from 'zod';
import { type RecordMutation } from '../format/index.js';
import { readEventStream, type ServerSentEvent } from './event-stream.js';
import {
  armedFault,
  armedFaults,
  clockReading,
  deviceRecords,
  type DeviceRecords,
  type FailureWalk,
  type FaultLine,
  forgedCertificate,
  imported,
  journalExchange,
  type JournalExchange,
  type JournalLine,
  journalLines,
  type PendingCode,
  pendingCodes,
  type Readiness,
  readiness,
  runDifferences,
  type RunDifferences,
  runList,
  runSummary,
  type RunSummary,
  runTenant,
  type RunTenant,
  runTimeline,
  type RunTimeline,
  type Snapshot,
  snapshotList,
  tenants,
  type TenantSummary,
  version,
  walk,
} from './messages.js';

/** The control API refused, or cannot be reached. */
export class ControlError extends Error {
  constructor(
    message: string,
    /** Undefined when there was no answer. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ControlError';
  }
}

/** What of a new tenant shall not be random. */
export interface WantedTenant {
  readonly id?: string;
  /** `<name>.onmicrosoft.com` */
  readonly initialDomain?: string;
  readonly domains?: readonly string[];
  readonly clientId?: string;
}

/** What `POST /runs` takes: a scenario of the catalogue, or the text of one; `file` is what messages about that call it. */
export type WantedRun = { readonly scenario: string } | { readonly document: string; readonly file?: string };

/** Whose faults; everybody's when nothing is given. */
export interface FaultScope {
  readonly run?: string | undefined;
  readonly tenant?: string | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The lab's side of a run: tenants, clock, annotations, records, journal. The device never sees it. Every call throws {@link ControlError}. */
export class ControlClient {
  private readonly agent = new Agent({ connections: 8 });
  private ids: string | undefined;
  /** Requests so far, by what they ask for. */
  private readonly counts = new Map<string, number>();

  /** `http://127.0.0.1:8088` */
  constructor(readonly base: string) {}

  /** From now on what is made for this client gets ids that follow from a text, which must be unique in the cloud. */
  makeIdsOf(text: string): void {
    this.ids = text;
  }

  /** PEM bundle of every root of the installation. */
  roots(): Promise<string> {
    return this.call('GET', '/roots.pem').then((body) => body.toString('utf8'));
  }

  intermediates(): Promise<string> {
    return this.call('GET', '/intermediates.pem').then((body) => body.toString('utf8'));
  }

  /** Codes that sign-in pages wait for, the latest first. */
  async secondFactors(user?: string): Promise<readonly PendingCode[]> {
    const query = user === undefined ? '' : `?user=${encodeURIComponent(user)}`;
    return (await this.json(pendingCodes, 'GET', `/second-factors${query}`)).pending;
  }

  /** A tenant with an administrator and two users; what is not given is random. */
  createTenant(wanted: WantedTenant = {}): Promise<RunTenant> {
    return this.json(runTenant, 'POST', '/tenants', wanted);
  }

  async listTenants(): Promise<readonly TenantSummary[]> {
    return (await this.json(tenants, 'GET', '/tenants')).tenants;
  }

  /** Moves a tenant's clock on by so many milliseconds; without a tenant, the installation's. */
  async advance(tenant: string | undefined, milliseconds: number): Promise<void> {
    await this.call('POST', '/clock', { ...(tenant ? { tenant } : {}), advance: Math.round(milliseconds) });
  }

  /** Sets a clock so many milliseconds ahead of real time. */
  async setAhead(tenant: string | undefined, milliseconds: number): Promise<void> {
    await this.call('POST', '/clock', { ...(tenant ? { tenant } : {}), offset: Math.round(milliseconds) });
  }

  /** Stops a clock at an instant. */
  async freeze(tenant: string | undefined, at: Date): Promise<void> {
    await this.call('POST', '/clock', { ...(tenant ? { tenant } : {}), freeze: at.toISOString() });
  }

  /** Sets a clock to an instant, from which it runs on. */
  async setClock(tenant: string | undefined, at: Date): Promise<void> {
    await this.call('POST', '/clock', { ...(tenant ? { tenant } : {}), set: at.toISOString() });
  }

  async clearClock(tenant?: string): Promise<void> {
    await this.call('DELETE', `/clock${query({ tenant })}`);
  }

  async now(tenant?: string): Promise<Date> {
    return new Date((await this.json(clockReading, 'GET', `/clock${query({ tenant })}`)).now);
  }

  async annotate(tenant: string, serial: string, checkpoint: string, at: Date): Promise<void> {
    await this.call('POST', `/devices/${encodeURIComponent(serial)}/checkpoints`, { tenant, checkpoint, at: at.toISOString() });
  }

  records(tenant: string, serial: string, entraDeviceId?: string): Promise<DeviceRecords> {
    return this.json(deviceRecords, 'GET', `/devices/${encodeURIComponent(serial)}${query({ tenant, entraDeviceId })}`);
  }

  /** An EK certificate from a vendor authority of the lab, DER; published when the vendor's service shall serve it (reference 06, D-A58). */
  async manufactureEk(input: {
    ekPublic: string;
    vendor: string;
    model: string;
    firmware: string;
    publish: boolean;
    defect: string;
  }): Promise<{ readonly certificate: Buffer; readonly aikHost: string }> {
    const { certificate, aikHost } = await this.json(forgedCertificate, 'POST', '/forge/certificate', { profile: 'ek', ...input });
    return { certificate: Buffer.from(certificate, 'base64'), aikHost };
  }

  /** Apps and policies that the tenant's administrator gave to devices and users, with the groups that they are assigned to. */
  async assign(
    tenant: string,
    input: Readonly<Record<'groups' | 'apps' | 'policies' | 'wifi' | 'trustedRoots', readonly object[]>>,
  ): Promise<void> {
    await this.call('POST', `/tenants/${tenant}/assignments`, input);
  }

  /** What the tenant's administrators have set; what is left out stays. */
  async changeTenant(tenant: string, change: object): Promise<void> {
    await this.call('PATCH', `/tenants/${tenant}`, change);
  }

  /** Changes one of a device's records (reference 06, D-B67). */
  async changeRecord(tenant: string, serial: string, change: RecordMutation): Promise<void> {
    await this.call('POST', `/tenants/${tenant}/records`, { serial, ...change });
  }

  /** Arms a fault; returns its id. */
  async arm(rule: object): Promise<string> {
    return (await this.json(armedFault, 'POST', '/faults', rule)).id;
  }

  async disarm(id: string): Promise<void> {
    await this.call('DELETE', `/faults${query({ id })}`);
  }

  /** How often the faults of a run or of a tenant have been met, by id. */
  async faultHits(of: { readonly run?: string | undefined; readonly tenant?: string | undefined }): Promise<ReadonlyMap<string, number>> {
    const { value } = await this.json(armedFaults, 'GET', `/faults${query(of)}`);
    return new Map(value.map(({ id, hits }) => [id, hits]));
  }

  /** Every armed fault, or those of a run or tenant. */
  async faults(scope: FaultScope = {}): Promise<readonly FaultLine[]> {
    return (await this.json(armedFaults, 'GET', `/faults${query({ ...scope })}`)).value;
  }

  /** Clears every fault, or those of a run or tenant. */
  async disarmAll(scope: FaultScope = {}): Promise<void> {
    await this.call('DELETE', `/faults${query({ ...scope })}`);
  }

  /** Arms a failure at each hop of a recorded run, or at one of them. */
  walk(order: object): Promise<FailureWalk> {
    return this.json(walk, 'POST', '/faults/walk', order);
  }

  async snapshots(): Promise<readonly Snapshot[]> {
    return (await this.json(snapshotList, 'GET', '/snapshots')).value;
  }

  async takeSnapshot(name: string): Promise<void> {
    await this.call('POST', `/snapshots/${encodeURIComponent(name)}`);
  }

  async restoreSnapshot(name: string): Promise<void> {
    await this.call('PUT', `/snapshots/${encodeURIComponent(name)}`);
  }

  async dropSnapshot(name: string): Promise<void> {
    await this.call('DELETE', `/snapshots/${encodeURIComponent(name)}`);
  }

  async runs(): Promise<readonly RunSummary[]> {
    return (await this.json(runList, 'GET', '/runs')).runs;
  }

  /** Has the cloud play a scenario; answers when it has been taken in. */
  startRun(wanted: WantedRun): Promise<RunSummary> {
    return this.json(runSummary, 'POST', '/runs', wanted);
  }

  run(run: string): Promise<RunSummary> {
    return this.json(runSummary, 'GET', `/runs/${encodeURIComponent(run)}`);
  }

  /** It ends at its next checkpoint or wait. */
  abortRun(run: string): Promise<RunSummary> {
    return this.json(runSummary, 'DELETE', `/runs/${encodeURIComponent(run)}`);
  }

  /** What happens in a run that {@link startRun} began, as it happens, until the event `end`; from behind the event of an id, if one is given. */
  async *runEvents(run: string, lastEventId?: string): AsyncGenerator<ServerSentEvent> {
    const path = `/runs/${encodeURIComponent(run)}/events`;
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const { statusCode, body } = await this.reaching(() => this.send('GET', path, { headers, bodyTimeout: 0 }));
    if (statusCode >= 300) throw this.refusal('GET', path, statusCode, Buffer.from(await body.arrayBuffer()));
    yield* readEventStream(body);
  }

  runTimeline(run: string): Promise<RunTimeline> {
    return this.json(runTimeline, 'GET', `/runs/${encodeURIComponent(run)}/timeline`);
  }

  runDifferences(a: string, b: string): Promise<RunDifferences> {
    return this.json(runDifferences, 'GET', `/runs/${encodeURIComponent(a)}/diff/${encodeURIComponent(b)}`);
  }

  async clearFaults(run: string): Promise<void> {
    await this.call('DELETE', `/faults${query({ run })}`);
  }

  async journal(filters: Readonly<Record<string, string | undefined>>): Promise<readonly JournalLine[]> {
    return (await this.json(journalLines, 'GET', `/journal${query(filters)}`)).entries;
  }

  journalExchange(id: string): Promise<JournalExchange> {
    return this.json(journalExchange, 'GET', `/journal/${encodeURIComponent(id)}`);
  }

  /** Back to the seeded state; authorities stay (reference 06, D-B68). */
  async reset(): Promise<void> {
    await this.call('POST', '/reset', {});
  }

  /** The whole state but the journal, gzip. */
  exportState(): Promise<Buffer> {
    return this.call('GET', '/state');
  }

  /** Puts it in the place of everything; true when the cloud has to be started again to know its authorities. */
  async importState(file: Buffer): Promise<boolean> {
    return (await this.json(imported, 'PUT', '/state', file)).restart;
  }

  async version(): Promise<string> {
    return (await this.json(version, 'GET', '/version')).version;
  }

  async readiness(): Promise<Readiness> {
    const { status, body } = await this.exchange('GET', '/ready');
    if (status !== 200 && status !== 503) throw this.refusal('GET', '/ready', status, body);
    return decode(readiness, 'GET /ready', body);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async json<T extends z.ZodType>(schema: T, method: Method, path: string, body?: object): Promise<z.output<T>> {
    return decode(schema, `${method} ${path}`, await this.call(method, path, body));
  }

  private async call(method: Method, path: string, body?: object): Promise<Buffer> {
    const answer = await this.exchange(method, path, body);
    if (answer.status >= 300) throw this.refusal(method, path, answer.status, answer.body);
    return answer.body;
  }

  private marks(kind: string): Record<string, string> {
    if (this.ids === undefined) return {};
    const number = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, number);
    return { 'x-greenscreen-ids': `${this.ids} ${kind} ${number}` };
  }

  private refusal(method: Method, path: string, status: number, body: Buffer): ControlError {
    return new ControlError(`The control API refused ${method} ${path}: ${status} ${body.toString('utf8').slice(0, 500)}`, status);
  }

  private exchange(method: Method, path: string, body?: object): Promise<{ status: number; body: Buffer }> {
    return this.reaching(async () => {
      const answer = await this.send(method, path, contentOf(body, this.marks(`${method} ${path}`)));
      return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
    });
  }

  private send(method: Method, path: string, options: Partial<Dispatcher.RequestOptions>): Promise<Dispatcher.ResponseData> {
    return request(`${this.base}${path}`, { ...options, dispatcher: this.agent, method });
  }

  private async reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new ControlError(`The control API at ${this.base} does not answer: is the cloud running ("npm start")?`, undefined, {
        cause: error,
      });
    }
  }
}

function contentOf(body: object | undefined, headers: Record<string, string>): { body?: string | Buffer; headers: Record<string, string> } {
  if (!body) return { headers };
  if (Buffer.isBuffer(body)) return { body, headers: { ...headers, 'content-type': 'application/gzip' } };
  return { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
}

const query = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
};

function decode<T extends z.ZodType>(schema: T, what: string, body: Buffer): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ControlError(`The answer to ${what} is not JSON: is this the control API of Greenscreen?`, undefined, { cause: error });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problem = result.error.issues[0];
  throw new ControlError(`The answer to ${what} cannot be used: ${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`);
}
