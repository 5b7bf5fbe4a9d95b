import { afterAll, beforeAll } from '@jest/globals';
import { CLIENT_CERTIFICATE_HEADER, GATEWAY_HEADER } from '@greenscreen/host/client-certificate';
import { createServiceContext, type ServiceContext } from '@greenscreen/host/context';
import { createLogger } from '@greenscreen/host/logging';
import {
  createDispatcher,
  createServiceApp,
  type RequestHandler,
  type ServiceApp,
  type ServiceDefinition,
} from '@greenscreen/host/service';
import { type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Agent, request as send } from 'undici';
import { sharedDatabase } from './database.js';

export interface TestRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** DER of the client certificate, as the gateway would pass it on. */
  readonly clientCertificate?: Buffer;
  /** Its private key, where TLS is spoken: see `useTlsCloud`. */
  readonly clientKey?: KeyObject;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
  text(): string;
  json(): unknown;
}

/** Running services on one HTTP port, found by Host header as behind the gateway. */
export interface TestCloud {
  readonly context: ServiceContext;
  readonly port: number;
  /** `https://<emulated host>/path`; the scheme is ignored, the host becomes the Host header. */
  request(url: string, options?: TestRequest): Promise<TestResponse>;
}

/** Starts the given services before the first test of the file and stops them after the last. */
export function useCloud(...definitions: ServiceDefinition[]): () => TestCloud {
  let cloud: TestCloud | undefined;
  let stop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    ({ cloud, stop } = await startCloud(definitions));
  }, 60_000);
  afterAll(() => stop());
  return () => {
    if (!cloud) throw new Error('The cloud is running only inside tests');
    return cloud;
  };
}

export async function startCloud(
  definitions: readonly ServiceDefinition[],
  databaseUrl?: string,
): Promise<{ cloud: TestCloud; stop: () => Promise<void> }> {
  const logger = createLogger({ level: process.env.GREENSCREEN_LOG_LEVEL ?? 'silent' });
  const context = await createServiceContext({ databaseUrl: databaseUrl ?? (await sharedDatabase()), logger, poolSize: 8 });
  const apps: ServiceApp[] = [];
  for (const definition of definitions) apps.push(await createServiceApp(definition, context));
  const server: Server = createServer({ maxHeaderSize: 32 * 1024 }, dispatcherOf(apps));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ connections: 32 });
  const cloud: TestCloud = { context, port, request: (url, options) => request(agent, port, context.gatewaySecret, url, options) };
  const stop = async (): Promise<void> => {
    await agent.close();
    await new Promise((resolve) => server.close(resolve));
    for (const app of apps) await app.close();
    await context.close();
  };
  return { cloud, stop };
}

/** Control has no emulated host name: whatever is asked of the loopback address is for it. */
function dispatcherOf(apps: readonly ServiceApp[]): RequestHandler {
  const emulated = createDispatcher(apps);
  const control = apps.find(({ definition }) => definition.name === 'control');
  return (request, response) =>
    control && request.headers.host?.split(':')[0] === '127.0.0.1' ? control.handler(request, response) : emulated(request, response);
}

async function request(agent: Agent, port: number, secret: Buffer, url: string, options: TestRequest = {}): Promise<TestResponse> {
  const { host, pathname, search } = new URL(url);
  const response = await send(`http://127.0.0.1:${port}${pathname}${search}`, {
    dispatcher: agent,
    method: (options.method ?? (options.body === undefined ? 'GET' : 'POST')) as 'GET',
    headers: {
      host,
      ...options.headers,
      ...(options.clientCertificate
        ? { [CLIENT_CERTIFICATE_HEADER]: options.clientCertificate.toString('base64'), [GATEWAY_HEADER]: secret.toString('base64url') }
        : {}),
    },
    ...(options.body === undefined ? {} : { body: options.body }),
  });
  const body = Buffer.from(await response.body.arrayBuffer());
  return {
    status: response.statusCode,
    headers: response.headers,
    body,
    text: () => body.toString('utf8'),
    json: () => JSON.parse(body.toString('utf8')) as unknown,
  };
}
