import { presentCertificate } from '@greenscreen/host/client-certificate';
import { type RequestHandler } from '@greenscreen/host/service';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { type SecureContext, type TLSSocket } from 'node:tls';
import { serverNameOf } from './client-hello.js';

/** Time a client has to send its ClientHello. */
const HELLO_MS = 10_000;
/** A ClientHello is one record of at most this many bytes. */
const HELLO_LIMIT = 16 * 1024 + 5;

/** Time a client has for its headers, and for a whole request. */
const HEADERS_MS = 30_000;
const REQUEST_MS = 120_000;

export interface TlsFrontOptions {
  /** Whether this host asks for a client certificate. */
  readonly clientCertificate: (host: string) => boolean;
  readonly secureContext: (host: string) => SecureContext;
  /** For clients that name no host. */
  readonly fallback: { readonly cert: string; readonly key: string };
  readonly handler: RequestHandler;
  /** What is wrong with the handshake of a new connection to this host, if a fault says so. */
  readonly handshakeFault: (host: string) => Promise<HandshakeFault | undefined>;
}

/** A handshake that fails: the connection is refused, the certificate is one that nobody may accept, or the client's is not seen. */
export type HandshakeFault =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'no_client_cert_seen' }
  | { readonly kind: 'certificate'; readonly context: SecureContext };

/**
 * TLS for every emulated host on one port. Node decides per server, not per name, whether it asks for a client certificate, and asking
 * breaks WinHTTP clients where none is expected. So the ClientHello is read first, and its name picks one of two TLS servers.
 */
export function createTlsFront(options: TlsFrontOptions): Server {
  const plain = tlsServer(options, false);
  const mutual = tlsServer(options, true);
  const front = createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    peek(socket, (name) => void accept(socket, name));
  });
  const accept = async (socket: Socket, name: string): Promise<void> => {
    try {
      const fault = await options.handshakeFault(name);
      if (fault?.kind === 'refuse') socket.resetAndDestroy();
      else if (fault?.kind === 'certificate')
        tlsServer({ ...options, secureContext: () => fault.context }, false).emit('connection', socket);
      else (fault === undefined && options.clientCertificate(name) ? mutual : plain).emit('connection', socket);
    } catch {
      socket.destroy();
    }
  };
  front.once('close', () => {
    plain.close();
    mutual.close();
  });
  return front;
}

function tlsServer({ secureContext, fallback, handler }: TlsFrontOptions, mutual: boolean): HttpsServer {
  const server = createHttpsServer(
    {
      ...fallback,
      ALPNProtocols: ['http/1.1'],
      requestCert: mutual,
      // Services judge certificates themselves: discovery without one and DELETE with one share a host (reference 02, section 1).
      rejectUnauthorized: false,
      maxHeaderSize: 32 * 1024,
      keepAliveTimeout: 65_000,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      SNICallback: (name, done) => {
        try {
          done(null, secureContext(name.toLowerCase()));
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      },
    },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const certificate = mutual ? socket.getPeerX509Certificate() : undefined;
      if (certificate) presentCertificate(request, certificate.raw);
      handler(request, response);
    },
  );
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  // It never listens itself, but what Node starts on this event ends requests that do not come to their end.
  server.emit('listening');
  return server;
}

function peek(socket: Socket, found: (name: string) => void): void {
  let bytes = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), HELLO_MS);
  timer.unref();
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const name = bytes.length > HELLO_LIMIT ? '' : serverNameOf(bytes);
    if (name === undefined) return;
    clearTimeout(timer);
    socket.off('data', read);
    socket.off('error', drop);
    socket.pause();
    socket.unshift(bytes);
    found(name);
  };
  const drop = (): void => clearTimeout(timer);
  socket.on('data', read);
  socket.once('error', drop);
}
