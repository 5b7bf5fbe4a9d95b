import { type FaultAction, FaultRule } from '@greenscreen/model/faults';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  dial,
  exchange,
  type GatewayUnderTest,
  mirror,
  openGateway,
  type RawOptions,
  type Seen,
  someCertificate,
} from './gateway.support.js';
import { ownDatabase } from '../support/database.js';

let lab: GatewayUnderTest;
// A database of its own: a handshake does not say whose it is, so these faults are everybody's.
beforeAll(async () => {
  lab = await openGateway(() => [mirror('here')], await ownDatabase('handshake'));
}, 60_000);
afterAll(() => lab.stop());

const arm = (service: string, action: FaultAction, match: FaultRule['match'] = { until: 1 }) =>
  lab.context.faultRules.arm({ service, operation: '*', match, action });
const connect = (serverName: string, more: Partial<RawOptions> = {}) =>
  dial({ port: lab.gateway.port, root: lab.root, serverName, ...more }).then((socket) =>
    exchange(socket, `GET /x HTTP/1.1\r\nHost: ${serverName}\r\nConnection: close\r\n\r\n`),
  );

describe('faults in the handshake', () => {
  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['not_yet_valid', 'CERT_NOT_YET_VALID'],
    ['wrong_host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['untrusted_root', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('a certificate that is %s is refused by its client, and the next one is good', async (tls, code) => {
    const { id } = await arm('graph', { tls });
    await expect(connect('graph.microsoft.com')).rejects.toMatchObject({
      code: tls === 'untrusted_root' ? expect.stringMatching(/UNABLE|SIGNATURE/) : code,
    });
    expect((await connect('graph.microsoft.com')).status).toBe(200);
    expect(await lab.context.dataSource.manager.findOneByOrFail(FaultRule, { id })).toMatchObject({ seen: 2, hits: 1 });
  });

  it('a refused connection concerns its own service only', async () => {
    await arm('graph', { connection: 'refuse' });
    expect((await connect('r.manage.microsoft.com')).status).toBe(200);
    await expect(connect('graph.microsoft.com')).rejects.toThrow();
    expect((await connect('graph.microsoft.com')).status).toBe(200);
  });

  it('a client certificate is not seen while a proxy strips it', async () => {
    const { der, cert, key } = await someCertificate();
    const identity = { cert, key };
    const seen = async (): Promise<string | null> =>
      (JSON.parse((await connect('r.manage.microsoft.com', { identity })).body) as Seen).certificate;
    await arm('omadm', { tls: 'no_client_cert_seen' });
    expect(await seen()).toBeNull();
    expect(await seen()).toBe(der.toString('base64'));
  });
});
