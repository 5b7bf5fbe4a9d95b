import { ControlClient, type RunTenant } from '@greenscreen/scenarios/cloud';
import { createSecureContext } from 'node:tls';
import { Agent, buildConnector, fetch, type RequestInit, type Response } from 'undici';

/** Where a cloud can be reached from here. */
export interface GreenscreenAddress {
  /** Host name or address of this machine's side of it. */
  readonly host: string;
  /** TLS, for every emulated host name. */
  readonly gatewayPort: number;
  /** Plain HTTP, for addresses in certificates (AIA, CRL) and connectivity probes. */
  readonly httpPort: number;
  readonly controlPort: number;
}

/** What a fault does and when: the members of `POST /faults`, such as `{ service: 'drs', on: 'Join', action: { respond: { status: 503 } } }`. */
export interface FaultRule {
  /** `sts`, `drs`, `mdm-enroll`, …: `greenscreen scenarios` and the catalogue use the same names. */
  readonly service: string;
  /** Operation; every one of the service unless given. */
  readonly on?: string;
  readonly match?: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

/** An armed fault. */
export interface ArmedFault {
  readonly id: string;
  /** How many requests it has hit. */
  hits(): Promise<number>;
  disarm(): Promise<void>;
}

/** A tenant of one test, with users, an application and a domain of its own: tests that each take one never meet. */
export interface GreenscreenTenant extends RunTenant {
  /** Arms a fault that hits this tenant's requests alone: those that name its id, its hardware or its devices. */
  fault(rule: FaultRule): Promise<ArmedFault>;
}

/**
 * A running cloud, wherever it runs, as a test sees it. Calls throw ControlError when the control API refuses or is out of reach.
 */
export class Greenscreen {
  /** The control API whole: clock, journal, records, forged certificates. */
  readonly control: ControlClient;
  private network: Promise<Agent> | undefined;

  constructor(
    readonly address: GreenscreenAddress,
    private readonly onStop: () => Promise<void>,
  ) {
    this.control = new ControlClient(this.controlUrl);
  }

  /** `https://127.0.0.1:49153`: every emulated host name answers there, by SNI and Host. */
  get gatewayUrl(): string {
    return `https://${this.address.host}:${this.address.gatewayPort}`;
  }

  /** `http://127.0.0.1:49154` */
  get controlUrl(): string {
    return `http://${this.address.host}:${this.address.controlPort}`;
  }

  /** PEM bundle of the roots to trust. */
  roots(): Promise<string> {
    return this.control.roots();
  }

  async tenant(): Promise<GreenscreenTenant> {
    const tenant = await this.control.createTenant();
    return { ...tenant, fault: (rule) => this.arm({ ...rule, tenant: tenant.id }) };
  }

  /** Arms a fault that hits everybody's requests: rather take a tenant's when tests run side by side. */
  fault(rule: FaultRule): Promise<ArmedFault> {
    return this.arm(rule);
  }

  /** Back to the seeded state; what was trusted stays trusted. */
  reset(): Promise<void> {
    return this.control.reset();
  }

  /** `fetch` for which the emulated host names lead to this cloud, and its roots are trusted: `fetch('https://graph.microsoft.com/v1.0/…')`. */
  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    return fetch(url, { ...init, dispatcher: await this.dispatcher() });
  }

  /** The same for programs that take a dispatcher of undici. */
  dispatcher(): Promise<Agent> {
    this.network ??= this.roots().then((roots) => agentFor(this.address, roots));
    return this.network;
  }

  async stop(): Promise<void> {
    await (await this.network)?.destroy();
    await this.control.close();
    await this.onStop();
  }

  private async arm(rule: FaultRule & { readonly tenant?: string }): Promise<ArmedFault> {
    const id = await this.control.arm(rule);
    return {
      id,
      hits: async () => (await this.control.faultHits({ tenant: rule.tenant })).get(id) ?? 0,
      disarm: () => this.control.disarm(id),
    };
  }
}

function agentFor({ host, gatewayPort, httpPort }: GreenscreenAddress, roots: string): Agent {
  const connect = buildConnector({ secureContext: createSecureContext({ ca: roots }) });
  return new Agent({
    connect: (options, callback) => {
      const port = options.protocol === 'https:' ? gatewayPort : httpPort;
      connect({ ...options, servername: options.hostname, hostname: host, port: String(port) }, callback);
    },
  });
}
