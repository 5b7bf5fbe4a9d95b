import { createServer, type IncomingHttpHeaders, request as open, type RequestListener, type Server } from 'node:http';
import { duplexPair } from 'node:stream';

export interface InnerRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whom the service takes for the client. */
  readonly remoteAddress: string;
}

export interface InnerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** HTTP to a handler of this process, through memory instead of a port: real requests and responses, so that every middleware works. */
export class InnerHttp {
  private readonly server: Server;

  constructor(handler: RequestListener) {
    this.server = createServer(handler);
  }

  send({ method, path, headers, body, remoteAddress }: InnerRequest): Promise<InnerResponse> {
    const [client, service] = duplexPair();
    this.server.emit('connection', Object.assign(service, { remoteAddress }));
    return new Promise((resolve, reject) => {
      const outgoing = open({ createConnection: () => client, method, path, headers: { ...headers, connection: 'close' } });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) });
        });
      });
      outgoing.end(body);
    });
  }
}
