import { toPem } from '@greenscreen/crypto/x509';
import { performance } from 'node:perf_hooks';
import { createSecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import {
  type ClientIdentity,
  type DeviceNetwork,
  type DeviceRequest,
  type DeviceResponse,
  type ExchangeLabel,
  NetworkError,
  type NetworkTraits,
  type Timeline,
} from '../context/index.js';
import { checkIdentity, failureOnTheWay, type Pace, portalPage, timedOut } from './conditions.js';
import { responseOf } from './response.js';
import { type TrafficEntry } from './traffic.js';
import { winHttpCode } from './winhttp-errors.js';

export interface GatewayAddress {
  readonly host: string;
  /** TLS port. */
  readonly port: number;
  /** Port for plain HTTP (AIA and CRL downloads). */
  readonly httpPort: number;
}

export interface GatewayNetworkOptions {
  readonly gateway: GatewayAddress;
  /** PEM bundle of the roots that the device trusts. */
  readonly roots: string;
  readonly timeline: Timeline;
  /** Sent as `X-Greenscreen-Run`: journal and faults tell runs apart by it. */
  readonly run?: string;
  /** What the cloud makes its ids of in a run that can be had again; sent as `X-Greenscreen-Ids` with the request's kind and number. */
  readonly ids?: string;
  /** What lies between the PC and the cloud, as it is at the moment. */
  readonly traits?: () => NetworkTraits | undefined;
  readonly pace?: Pace;
}

/** WinHTTP's receive timeout for these clients. */
const TIMEOUT_MS = 60_000;

/** Real TLS to real host names, which all resolve to the gateway. One connection pool for each client certificate. */
export class GatewayNetwork implements DeviceNetwork {
  readonly traffic: TrafficEntry[] = [];
  /** Requests so far, by their kind: what goes on side by side keeps its numbers. */
  private readonly counts = new Map<string, number>();
  private anonymous: Agent;
  private readonly authenticated = new Map<ClientIdentity['key'], Agent>();

  constructor(private readonly options: GatewayNetworkOptions) {
    this.anonymous = this.agent();
  }

  async http(request: DeviceRequest): Promise<DeviceResponse> {
    const { timeline } = this.options;
    const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
    const headers = { ...request.headers, ...this.marks(request) };
    const startedAt = new Date();
    const start = performance.now();
    const label = { service: request.service, operation: request.operation, method, url: request.url };
    try {
      const response = await this.send(request, method, headers);
      const milliseconds = performance.now() - start;
      this.traffic.push({ startedAt, milliseconds, request, requestHeaders: headers, response });
      timeline.note({ kind: 'exchange', ...label, status: response.status, milliseconds });
      return response;
    } catch (error) {
      const hresult = winHttpCode(error);
      const message = error instanceof Error ? error.message : String(error);
      this.traffic.push({ startedAt, milliseconds: performance.now() - start, request, requestHeaders: headers, error: message });
      timeline.note({ kind: 'exchange-failed', ...label, hresult, message });
      throw new NetworkError(hresult, `${method} ${request.url}: ${message}`, { cause: error });
    }
  }

  /** What tells the run and, where it can be had again, the request from all others. */
  private marks({ service, operation }: ExchangeLabel): Record<string, string> {
    const { run, ids } = this.options;
    const kind = `${service}.${operation}`;
    const number = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, number);
    return { ...(run ? { 'X-Greenscreen-Run': run } : {}), ...(ids ? { 'X-Greenscreen-Ids': `${ids} ${kind} ${number}` } : {}) };
  }

  /** The PC was off, or nobody did anything for a while: what follows begins with new connections. */
  async disconnect(): Promise<void> {
    const agents = [this.anonymous, ...this.authenticated.values()];
    this.anonymous = this.agent();
    this.authenticated.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  async close(): Promise<void> {
    await Promise.all([this.anonymous, ...this.authenticated.values()].map((agent) => agent.destroy()));
  }

  private async send(request: DeviceRequest, method: string, headers: Record<string, string>): Promise<DeviceResponse> {
    const { traits, pace } = this.options;
    const obstacle = failureOnTheWay(traits?.(), new URL(request.url));
    if (obstacle) throw obstacle;
    const patience = pace?.patience(request);
    const response = portalPage(traits?.()) ?? (await this.patiently(patience, request, method, headers));
    const latency = pace?.latency(response) ?? 0;
    if (latency > 0) await pace?.wait(Math.min(latency, TIMEOUT_MS), `${request.service} takes its time`);
    if (latency >= TIMEOUT_MS) throw timedOut(request.url);
    return response;
  }

  /** Gives a request up when its real time is over: for the device it has waited as long as Windows would. */
  private async patiently(
    patience: number | undefined,
    request: DeviceRequest,
    method: string,
    headers: Record<string, string>,
  ): Promise<DeviceResponse> {
    if (patience === undefined) return this.exchange(request, method, headers);
    const signal = AbortSignal.timeout(patience);
    try {
      return await this.exchange(request, method, headers, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.options.pace?.wait(TIMEOUT_MS, `${request.service} does not answer`);
      throw timedOut(request.url);
    }
  }

  private async exchange(
    request: DeviceRequest,
    method: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<DeviceResponse> {
    const { origin, pathname, search } = new URL(request.url);
    const answer = await this.agentFor(request.clientCertificate).request({
      origin,
      path: `${pathname}${search}`,
      method,
      headers,
      ...(signal ? { signal } : {}),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return responseOf(answer.statusCode, answer.headers, Buffer.from(await answer.body.arrayBuffer()));
  }

  private agentFor(identity: ClientIdentity | undefined): Agent {
    if (!identity) return this.anonymous;
    const known = this.authenticated.get(identity.key);
    if (known) return known;
    const agent = this.agent(identity);
    this.authenticated.set(identity.key, agent);
    return agent;
  }

  private agent(identity?: ClientIdentity): Agent {
    const { gateway, roots, pace } = this.options;
    // Made once for all hosts: reading the roots takes ten times as long as a handshake.
    const secureContext = createSecureContext({
      ca: roots,
      ...(identity ? { cert: toPem(identity.certificate), key: identity.key.export({ type: 'pkcs8', format: 'pem' }) } : {}),
    });
    const connect = buildConnector({ secureContext, ...(pace ? { checkServerIdentity: checkIdentity(() => pace.deviation()) } : {}) });
    return new Agent({
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      connect: (options, callback) =>
        connect(
          {
            ...options,
            servername: options.hostname,
            hostname: gateway.host,
            port: String(options.protocol === 'https:' ? gateway.port : gateway.httpPort),
          },
          callback,
        ),
    });
  }
}
