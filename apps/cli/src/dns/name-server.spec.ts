import { emulatedServices } from '@greenscreen/all';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import DNS from 'dns2';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { type NameServer, startNameServer } from './name-server.js';

/** A port that is free for UDP; the chance that TCP is taken there is small, and the start then fails aloud. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

const hosts = emulatedServices.flatMap((service) => service.hosts);
const GATEWAY = '192.0.2.7';

describe('the name server', () => {
  let server: NameServer;
  const resolver = new Resolver();
  beforeAll(async () => {
    server = await startNameServer({ hosts, answer: GATEWAY, host: '127.0.0.1', port: await freePort() });
    resolver.setServers([`127.0.0.1:${server.port}`]);
  });
  afterAll(() => server.close());

  it.each([
    'login.microsoftonline.com',
    'Enterpriseregistration.Windows.NET',
    'ntc-keyid-0102.microsoftaik.azure.net',
    'enterpriseregistration.fabrikam.example',
    'EnterpriseEnrollment.fabrikam.example',
  ])("answers %s with the gateway's address", async (name) => expect(await resolver.resolve4(name)).toEqual([GATEWAY]));

  it('says that a name has no other address, rather than that there is no such name', async () => {
    await expect(resolver.resolve6('login.microsoftonline.com')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it.each(['example.com', 'microsoftonline.com', 'login.microsoftonline.com.evil.example', 'a.b.microsoftaik.azure.net'])(
    'refuses %s',
    async (name) => {
      await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'EREFUSED' });
    },
  );

  it('answers over TCP', async () => {
    const ask = DNS.TCPClient({ dns: '127.0.0.1', port: server.port });
    expect((await ask('graph.microsoft.com')).answers).toMatchObject([{ address: GATEWAY }]);
  });

  it('survives what is no DNS message', async () => {
    const socket = createSocket('udp4');
    await new Promise((sent) => socket.send(Buffer.from('hello'), server.port, '127.0.0.1', sent));
    socket.close();
    expect(await resolver.resolve4('graph.microsoft.com')).toEqual([GATEWAY]);
  });

  it('looks a name up for each question, and says when it leads nowhere', async () => {
    const port = await freePort();
    const byName = await startNameServer({ hosts, answer: 'localhost', host: '127.0.0.1', port });
    resolver.setServers([`127.0.0.1:${port}`]);
    expect(await resolver.resolve4('graph.microsoft.com')).toContain('127.0.0.1');
    await byName.close();
    const nowhere = await startNameServer({ hosts, answer: 'gateway.invalid', host: '127.0.0.1', port });
    await expect(resolver.resolve4('graph.microsoft.com')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    await nowhere.close();
  });
});
