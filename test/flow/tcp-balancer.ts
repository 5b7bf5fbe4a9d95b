import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface TcpBalancer {
  readonly port: number;
  /** Connections that each target has been given. */
  readonly given: readonly number[];
  stop(): Promise<void>;
}

/** Gives each connection to the next of these local ports, and knows nothing of what goes over it. */
export async function balance(ports: readonly number[]): Promise<TcpBalancer> {
  const given = ports.map(() => 0);
  const sockets = new Set<Socket>();
  let next = 0;
  const server = createServer((client) => {
    const index = next++ % ports.length;
    given[index] = (given[index] ?? 0) + 1;
    const target = connect(ports[index] ?? 0, '127.0.0.1');
    for (const socket of [client, target]) sockets.add(socket.once('close', () => sockets.delete(socket)));
    pipeline(client, target, client, () => undefined); // a broken connection is for the other side to see
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    given,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
