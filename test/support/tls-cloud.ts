import { toPem } from '@greenscreen/crypto/x509';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { afterAll, beforeAll } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage } from 'node:http';
import { Agent, request as send } from 'node:https';
import { type TestCloud, type TestRequest, type TestResponse } from './cloud.js';
import { openGateway, type RunningGateway } from './gateway.js';

/**
 * As `useCloud`, with TLS on the way: the host's certificate is verified, and a client certificate is proved by its key. Nothing but name
 * resolution differs from what a client outside has.
 */
export function useTlsCloud(...definitions: ServiceDefinition[]): () => TestCloud {
  const agent = new Agent({ keepAlive: true });
  let gateway: RunningGateway | undefined;
  let cloud: TestCloud | undefined;
  beforeAll(async () => {
    const { context, port, root } = (gateway = await openGateway(definitions));
    cloud = { context, port, request: (url, options) => request({ agent, port, root }, url, options) };
  }, 60_000);
  afterAll(async () => {
    agent.destroy();
    await gateway?.stop();
  });
  return () => {
    if (!cloud) throw new Error('The cloud is running only inside tests');
    return cloud;
  };
}

interface Way {
  readonly agent: Agent;
  readonly port: number;
  readonly root: string;
}

async function request({ agent, port, root }: Way, url: string, options: TestRequest = {}): Promise<TestResponse> {
  const { hostname, host, pathname, search } = new URL(url);
  const { clientCertificate, clientKey, body } = options;
  if (clientCertificate && !clientKey) throw new Error('A client certificate without its key proves nothing');
  const sent = send({
    agent,
    host: '127.0.0.1',
    port,
    servername: hostname,
    ca: root,
    ...(clientCertificate ? { cert: toPem(clientCertificate), key: clientKey?.export({ type: 'pkcs8', format: 'pem' }) } : {}),
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    path: pathname + search,
    headers: { host, ...options.headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: whole,
    text: () => whole.toString('utf8'),
    json: () => JSON.parse(whole.toString('utf8')) as unknown,
  };
}
