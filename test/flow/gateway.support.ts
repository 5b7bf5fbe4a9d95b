import { generateKeyPair } from '@greenscreen/crypto/keys';
import { commonName, issueCertificate, toPem } from '@greenscreen/crypto/x509';
import { createServiceContext, type ServiceContext } from '@greenscreen/host/context';
import { clientCertificateOf } from '@greenscreen/host/client-certificate';
import { createLogger } from '@greenscreen/host/logging';
import { createServiceApp, type RequestHandler, type ServiceApp, type ServiceDefinition } from '@greenscreen/host/service';
import { type Backend, type Gateway, startGateway } from '@greenscreen/gateway';
import { tlsRoot } from '@greenscreen/host/authority/definitions';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { sharedDatabase } from '../support/database.js';

/** Asks for no certificate, asks for one, and is served on the plain port too. */
export const hosts = [
  { pattern: 'graph.microsoft.com' },
  { pattern: 'r.manage.microsoft.com', clientCertificate: true },
  { pattern: 'www.microsoft.com', plainHttp: true },
];

/** What the program behind the gateway saw of a request. */
export interface Seen {
  readonly backend: string;
  readonly headers: Record<string, string>;
  readonly certificate: string | null;
  readonly bodyLength: number;
}

/** A backend that answers with what it sees. */
export function mirror(name: string): Backend {
  const handler: RequestHandler = (request, response) => {
    let bodyLength = 0;
    request.on('data', (chunk: Buffer) => (bodyLength += chunk.length));
    request.once('end', () => {
      const certificate = clientCertificateOf(request)?.der.toString('base64') ?? null;
      const body = JSON.stringify({ backend: name, headers: request.headers, certificate, bodyLength });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    });
  };
  const matches: Backend['matches'] = (host) => hosts.find(({ pattern }) => pattern === host);
  return { name, matches, handler };
}

export interface GatewayUnderTest {
  readonly context: ServiceContext;
  readonly gateway: Gateway;
  /** PEM of the TLS root. */
  readonly root: string;
  stop(): Promise<void>;
}

export async function openGateway(backends: (context: ServiceContext) => Backend[], databaseUrl?: string): Promise<GatewayUnderTest> {
  const logger = createLogger({ level: 'silent' });
  const context = await createServiceContext({ databaseUrl: databaseUrl ?? (await sharedDatabase()), logger, poolSize: 4 });
  const gateway = await startGateway({ context, backends: backends(context), host: '127.0.0.1', port: 0, httpPort: 0 });
  const root = (await context.authorities.get(tlsRoot)).certificatePem;
  return {
    context,
    gateway,
    root,
    stop: async () => {
      await gateway.close();
      await context.close();
    },
  };
}

export interface ReplicaServer {
  readonly url: string;
  readonly app: ServiceApp;
  /** Requests that it has answered since this was last asked. */
  answered(): number;
  stop(): Promise<void>;
}

/** A replica of a service on a port of its own, as `greenscreen up <service>` runs it. */
export async function openReplica(definition: ServiceDefinition, context: ServiceContext, port = 0): Promise<ReplicaServer> {
  const app = await createServiceApp(definition, context);
  const server: Server = createServer({ maxHeaderSize: 32 * 1024, keepAliveTimeout: 65_000 }, app.handler);
  let answers = 0;
  server.on('request', (_request, response: ServerResponse) => response.once('finish', () => (answers += 1)));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    answered: () => {
      const before = answers;
      answers = 0;
      return before;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}

export interface RawOptions {
  readonly port: number;
  readonly root: string;
  /** Null sends none. */
  readonly serverName: string | null;
  readonly identity?: { cert: string; key: string };
}

/** A TLS connection that is trusted only below the lab's root. */
export function dial({ port, root, serverName, identity }: RawOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        host: '127.0.0.1',
        port,
        ca: root,
        ...(serverName === null ? { checkServerIdentity: () => undefined } : { servername: serverName }),
        ...identity,
      },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

export interface RawAnswer {
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Sends bytes, and half-closes when told to; resolves with what came until the other side closed. */
export function exchange(socket: TLSSocket, bytes: string | Buffer, thenEnd = false): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      const [headers = '', body = ''] = answer.split('\r\n\r\n', 2);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1] ?? 0), headers, body });
    });
    socket.write(bytes);
    if (thenEnd) socket.end();
  });
}

/** A self-signed client certificate that nobody knows. */
export async function someCertificate(): Promise<{ der: Buffer; cert: string; key: string }> {
  const pair = await generateKeyPair('ec-p256');
  const name = commonName('somebody else', 'utf8');
  const der = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: pair.publicKey,
    signingKey: pair.privateKey,
    extensions: [],
  });
  return { der, cert: toPem(der), key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
