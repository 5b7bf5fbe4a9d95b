import { Agent, request } from 'undici';

/** A tenant made for one run. */
export interface RunTenant {
  readonly id: string;
  readonly initialDomain: string;
  readonly domains: readonly string[];
  readonly users: readonly string[];
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A device's records side by side, as control shows them. */
export interface DeviceRecords {
  readonly AP: Record<string, unknown> | null;
  readonly DEV: Record<string, unknown> | null;
  readonly MD: Record<string, unknown> | null;
  readonly EVT: Record<string, unknown> | null;
  readonly counts: Record<string, number>;
}

/** The control API refused, or cannot be reached. */
export class ControlError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControlError';
  }
}

/** The lab's side of a run: tenants, clock, annotations, records. The device never sees it. */
export class ControlClient {
  private readonly agent = new Agent({ connections: 4 });

  /** `http://127.0.0.1:8088` */
  constructor(private readonly base: string) {}

  roots(): Promise<string> {
    return this.call('GET', '/roots.pem').then((body) => body.toString('utf8'));
  }

  async createTenant(): Promise<RunTenant> {
    return (await this.json('POST', '/tenants', {})) as RunTenant;
  }

  /** Moves a tenant's clock on by so many milliseconds. */
  async advance(tenant: string, milliseconds: number): Promise<void> {
    await this.call('POST', '/clock', { tenant, advance: Math.round(milliseconds) });
  }

  async annotate(tenant: string, serial: string, checkpoint: string, at: Date): Promise<void> {
    await this.call('POST', `/devices/${encodeURIComponent(serial)}/checkpoints`, { tenant, checkpoint, at: at.toISOString() });
  }

  async records(tenant: string, serial: string): Promise<DeviceRecords> {
    return (await this.json('GET', `/devices/${encodeURIComponent(serial)}?tenant=${tenant}`)) as DeviceRecords;
  }

  /** An EK certificate from a vendor authority of the lab, DER; published when the vendor's service shall serve it. */
  async manufactureEk(input: { ekPublic: string; vendor: string; model: string; firmware: string; publish: boolean }): Promise<Buffer> {
    const { certificate } = (await this.json('POST', '/forge/certificate', { profile: 'ek', ...input })) as { certificate: string };
    return Buffer.from(certificate, 'base64');
  }

  /** Apps and policies that the tenant's administrator assigned to every device. */
  async assign(tenant: string, input: { apps: readonly object[]; policies: readonly object[] }): Promise<void> {
    await this.call('POST', `/tenants/${tenant}/assignments`, input);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async json(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    return JSON.parse((await this.call(method, path, body)).toString('utf8'));
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Buffer> {
    let answer;
    try {
      answer = await request(`${this.base}${path}`, {
        dispatcher: this.agent,
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
    } catch (error) {
      throw new ControlError(`The control API at ${this.base} does not answer: is the cloud running?`, { cause: error });
    }
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode >= 300) throw new ControlError(`${method} ${path}: ${answer.statusCode} ${bytes.toString('utf8')}`);
    return bytes;
  }
}
