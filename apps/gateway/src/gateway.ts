import { generateKeyPair } from '@greenscreen/crypto/keys';
import { tlsRoot } from '@greenscreen/host/authority/definitions';
import { type ServiceContext } from '@greenscreen/host/context';
import { hostOf } from '@greenscreen/host/service';
import { createServer } from 'node:http';
import { type AddressInfo, type Server } from 'node:net';
import { type Backend, route } from './backends.js';
import { servicesOf } from './faulted-services.js';
import { HostCertificates } from './host-certificates.js';
import { createTlsFront } from './tls-front.js';

/** Host name of the certificate for everything that is not emulated here. */
const UNKNOWN_HOST = 'localhost';

export interface GatewayOptions {
  readonly context: ServiceContext;
  readonly backends: readonly Backend[];
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Plain HTTP for AIA and CRL addresses; 0 picks a free one. */
  readonly httpPort: number;
}

export interface Gateway {
  readonly port: number;
  readonly httpPort: number;
  close(): Promise<void>;
}

/** TLS and plain HTTP for every host that a backend answers for. */
export async function startGateway({ context, backends, host, port, httpPort }: GatewayOptions): Promise<Gateway> {
  const [root, key] = await Promise.all([context.authorities.get(tlsRoot), generateKeyPair('ec-p256')]);
  const certificates = new HostCertificates(root, key);
  const ruleOf = (name: string) => backends.map((backend) => backend.matches(name)).find((rule) => rule !== undefined);
  const handler = route(backends);
  const front = createTlsFront({
    clientCertificate: (name) => ruleOf(name)?.clientCertificate ?? false,
    // A name that nobody answers for gets a certificate of this machine, so that its client sees our 421 if it wants to.
    secureContext: (name) => certificates.contextFor(ruleOf(name) ? name : UNKNOWN_HOST),
    fallback: certificates.pemFor(UNKNOWN_HOST),
    handler,
    handshakeFault: async (name) => {
      const action = (await context.faultRules.matchHandshake(servicesOf(name)))?.action;
      if (action?.connection === 'refuse') return { kind: 'refuse' };
      if (action?.tls === undefined) return undefined;
      if (action.tls === 'no_client_cert_seen') return { kind: 'no_client_cert_seen' };
      return { kind: 'certificate', context: await certificates.defectiveContext(name, action.tls) };
    },
  });
  const plain = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => {
    const rule = ruleOf(hostOf(request.headers.host));
    if (!rule || rule.plainHttp) handler(request, response);
    else response.writeHead(403, { 'Content-Length': '0', Connection: 'close' }).end();
  });
  await listen(front, port, host);
  await listen(plain, httpPort, host).catch(async (error: unknown) => {
    await closed(front);
    throw error;
  });
  const sockets = new Set<{ destroy(): void }>();
  for (const server of [front, plain]) {
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  return {
    port: (front.address() as AddressInfo).port,
    httpPort: (plain.address() as AddressInfo).port,
    close: async () => {
      const done = Promise.all([closed(front), closed(plain)]);
      for (const socket of sockets) socket.destroy();
      await done;
    },
  };
}

/** The port cannot be had, in words for people. */
export class PortError extends Error {
  constructor(
    readonly port: number,
    options: ErrorOptions,
    code: string | undefined,
  ) {
    super(
      code === 'EADDRINUSE'
        ? `Port ${port} is in use: stop the other program or choose another port`
        : `Port ${port} cannot be used (${code ?? 'unknown reason'})`,
      options,
    );
    this.name = 'PortError';
  }
}

export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new PortError(port, { cause: error }, error.code)));
    server.listen(port, host, resolve);
  });
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
