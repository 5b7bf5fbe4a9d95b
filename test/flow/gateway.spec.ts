import { remoteBackend } from '@greenscreen/gateway';
import { CLIENT_CERTIFICATE_HEADER, GATEWAY_HEADER } from '@greenscreen/host/client-certificate';
import { createLogger } from '@greenscreen/host/logging';
import { sts } from '@greenscreen/sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { request } from 'undici';
import {
  dial,
  exchange,
  type GatewayUnderTest,
  hosts,
  mirror,
  openGateway,
  openReplica,
  type RawOptions,
  type Seen,
  someCertificate,
} from './gateway.support.js';

const MIB = 1024 * 1024;
let lab: GatewayUnderTest;
beforeAll(async () => {
  lab = await openGateway(() => [mirror('here')]);
}, 60_000);
afterAll(() => lab.stop());

const ask = (host: string, headers = '', options: Partial<RawOptions> = {}) =>
  dial({ port: lab.gateway.port, root: lab.root, serverName: host, ...options }).then((socket) =>
    exchange(socket, `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`),
  );
const seen = (body: string): Seen => JSON.parse(body) as Seen;

describe('host names', () => {
  it('a known one is answered under a certificate of its own name', async () => {
    const answer = await ask('graph.microsoft.com');
    expect(answer.status).toBe(200);
    expect(seen(answer.body).backend).toBe('here');
  });

  it('case and port of the Host header do not matter', async () => {
    const socket = await dial({ port: lab.gateway.port, root: lab.root, serverName: 'graph.microsoft.com' });
    expect((await exchange(socket, 'GET / HTTP/1.1\r\nHost: GRAPH.microsoft.com:8443\r\nConnection: close\r\n\r\n')).status).toBe(200);
  });

  it('an unknown Host header gets 421 and a reason', async () => {
    const socket = await dial({ port: lab.gateway.port, root: lab.root, serverName: 'graph.microsoft.com' });
    const answer = await exchange(socket, 'GET / HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n');
    expect(answer.status).toBe(421);
    expect(answer.body).toContain('nobody.example');
  });

  it('an unknown server name is refused by its own client, because no certificate is issued for it', async () => {
    await expect(ask('www.bank.test')).rejects.toThrow(/altname|Hostname/i);
  });

  it('a client without a server name gets 421, not a dropped connection', async () => {
    expect((await ask('127.0.0.1', '', { serverName: null })).status).toBe(421);
  });

  it('localhost is certified, for people with curl', async () => {
    expect((await ask('localhost')).status).toBe(421);
  });
});

describe('what is no request', () => {
  it('plain HTTP to the TLS port is dropped', async () => {
    const socket = connectPlain(lab.gateway.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n');
    await closed;
  });

  it('half a ClientHello is dropped, and others are served meanwhile', async () => {
    const socket = connectPlain(lab.gateway.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from([22, 3, 1, 2, 0, 1]));
    expect((await ask('graph.microsoft.com')).status).toBe(200);
    socket.destroy();
  });

  it.each([
    ['bytes that are not HTTP', '\u0000\u0001\u0002 nothing\r\n\r\n', [400]],
    ['no Host header', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
    ['two Content-Lengths', 'POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', [400]],
    // Closed with bytes unread, so the answer may be lost on its way.
    ['headers beyond 32 KiB', `GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, [431, 0]],
  ])('%s', async (_, bytes, statuses) => {
    const socket = await dial({ port: lab.gateway.port, root: lab.root, serverName: 'graph.microsoft.com' });
    expect(statuses).toContain((await exchange(socket, bytes)).status);
  });

  it('a body cut short does not reach an operation', async () => {
    const socket = await dial({ port: lab.gateway.port, root: lab.root, serverName: 'graph.microsoft.com' });
    const answer = await exchange(socket, 'POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: 100\r\n\r\nhalf', true);
    expect([0, 400]).toContain(answer.status);
    expect((await ask('graph.microsoft.com')).status).toBe(200);
  });
});

describe('client certificates', () => {
  it('are asked for on the hosts that need them, and handed on whatever they are', async () => {
    const { der, cert, key } = await someCertificate();
    const answer = await ask('r.manage.microsoft.com', '', { identity: { cert, key } });
    expect(answer.status).toBe(200);
    expect(seen(answer.body).certificate).toBe(der.toString('base64'));
  });

  it('are not asked for elsewhere', async () => {
    const { cert, key } = await someCertificate();
    expect(seen((await ask('graph.microsoft.com', '', { identity: { cert, key } })).body).certificate).toBeNull();
  });

  it('may be absent', async () => {
    expect(seen((await ask('r.manage.microsoft.com')).body).certificate).toBeNull();
  });

  it('cannot be claimed in a header', async () => {
    const { der } = await someCertificate();
    const forged =
      `${CLIENT_CERTIFICATE_HEADER}: ${der.toString('base64')}\r\n${GATEWAY_HEADER}: ${lab.context.gatewaySecret.toString('base64url')}\r\n` +
      'X-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\n';
    const { certificate, headers } = seen((await ask('r.manage.microsoft.com', forged)).body);
    expect(certificate).toBeNull();
    expect(Object.keys(headers).filter((name) => name.startsWith('x-') || name === 'forwarded')).toEqual([]);
  });
});

describe('the plain HTTP port', () => {
  const plain = async (host: string) => (await request(`http://127.0.0.1:${lab.gateway.httpPort}/crl`, { headers: { host } })).statusCode;
  it('serves the hosts that real clients ask without TLS', async () => expect(await plain('www.microsoft.com')).toBe(200));
  it('refuses the others', async () => expect(await plain('graph.microsoft.com')).toBe(403));
  it('says 421 for unknown ones', async () => expect(await plain('nobody.example')).toBe(421));
});

describe('services in processes of their own', () => {
  it('each request goes to the next replica; one that is down is skipped', async () => {
    const remote = await openGateway((context) => {
      const logger = createLogger({ level: 'silent' });
      return [remoteBackend({ definition: sts, replicas: urls, gatewaySecret: context.gatewaySecret, logger })];
    });
    const first = await openReplica(sts, remote.context);
    const second = await openReplica(sts, remote.context);
    urls.push(first.url, second.url);
    const metadata = async () => {
      const host = 'login.microsoftonline.com';
      const socket = await dial({ port: remote.gateway.port, root: remote.root, serverName: host });
      const path = '/common/v2.0/.well-known/openid-configuration';
      return (await exchange(socket, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).status;
    };
    expect([await metadata(), await metadata()]).toEqual([200, 200]);
    await first.stop();
    expect([await metadata(), await metadata(), await metadata()]).toEqual([200, 200, 200]);
    const port = Number(new URL(second.url).port);
    await second.stop();
    const pending = metadata();
    const again = await openReplica(sts, remote.context, port);
    expect(await pending).toBe(200);
    await again.stop();
    await remote.stop();
  }, 60_000);

  describe('behind a service that misbehaves', () => {
    let deliveries = 0;
    const target = createServer((incoming, response) => {
      deliveries += 1;
      if (incoming.url === '/reset') {
        incoming.socket.resetAndDestroy();
        return;
      }
      let size = 0;
      incoming.on('data', (chunk: Buffer) => (size += chunk.length));
      incoming.on('end', () => response.end(JSON.stringify({ size, headers: incoming.headers })));
    });
    let remote: GatewayUnderTest;
    beforeAll(async () => {
      await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
      remote = await openGateway((context) => [
        remoteBackend({
          definition: { name: 'mirror', hosts, module: class {}, bodyLimit: MIB },
          replicas: [url],
          gatewaySecret: context.gatewaySecret,
          logger: createLogger({ level: 'silent' }),
        }),
      ]);
    }, 60_000);
    afterAll(async () => {
      await remote.stop();
      target.closeAllConnections();
      target.close();
    });
    const send = async (head: string, body = '', thenEnd = false) => {
      const socket = await dial({ port: remote.gateway.port, root: remote.root, serverName: 'graph.microsoft.com' });
      return exchange(socket, `${head}\r\nHost: graph.microsoft.com\r\nConnection: close\r\n\r\n${body}`, thenEnd);
    };

    it('a chunked body arrives whole, with its length', async () => {
      const answer = await send('POST / HTTP/1.1\r\nTransfer-Encoding: chunked', '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n');
      expect(JSON.parse(answer.body)).toMatchObject({ size: 5, headers: { 'content-length': '5' } });
    });

    it('a body that no service would take gets 413 and is not delivered', async () => {
      const before = deliveries;
      const size = 8 * MIB + 1;
      expect((await send(`POST / HTTP/1.1\r\nContent-Length: ${size}`, 'x'.repeat(size))).status).toBe(413);
      expect(deliveries).toBe(before);
    });

    it('a body cut short is not delivered', async () => {
      const before = deliveries;
      expect([0, 400]).toContain((await send('POST / HTTP/1.1\r\nContent-Length: 100', 'half', true)).status);
      expect(deliveries).toBe(before);
    });

    it('a connection that breaks after delivery is broken towards the client, and the request is not sent twice', async () => {
      const before = deliveries;
      expect((await send('GET /reset HTTP/1.1')).status).toBe(0);
      expect(deliveries).toBe(before + 1);
    });
  });
});

const urls: string[] = [];
