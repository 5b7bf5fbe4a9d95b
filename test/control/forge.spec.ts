import { control } from '@greenscreen/control';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { graph } from '@greenscreen/graph';
import { sts } from '@greenscreen/sts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { useCloud } from '../support/cloud.js';
import { newTenant, type TestTenant } from '../support/tenant.js';

const cloud = useCloud(control, sts, graph);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const post = (path: string, body: object) => cloud().request(`http://127.0.0.1${path}`, { body: JSON.stringify(body) });
async function forge<T>(path: string, body: object): Promise<T> {
  const answer = await post(path, body);
  if (answer.status !== 201) throw new Error(answer.text());
  return answer.json() as T;
}

describe('forged tokens', () => {
  const forgeToken = (change: object) =>
    forge<{ token: string }>('/forge/token', {
      tenant: lab.tenant.id,
      audience: 'https://graph.microsoft.com',
      claims: { idtyp: 'app', appid: lab.clientId, oid: randomUUID(), roles: ['Device.Read.All'] },
      ...change,
    });
  const ask = async (change: object): Promise<number> => {
    const { token } = await forgeToken(change);
    return (await cloud().request('https://graph.microsoft.com/v1.0/devices', { headers: { authorization: `Bearer ${token}` } })).status;
  };

  it('without a defect are as good as the token service’s own', async () => {
    expect(await ask({})).toBe(200);
  });

  it.each([
    ['alg none', { defect: 'alg_none' }],
    ['another key', { defect: 'other_key' }],
    ['a key that nobody knows', { defect: 'unknown_kid' }],
    ['a broken signature', { defect: 'broken_signature' }],
    ['another issuer', { defect: 'other_issuer' }],
    ['another audience', { audience: 'urn:ms-drs:enterpriseregistration.windows.net' }],
    ['an end in the past', { startsIn: -7200, expiresIn: -3600 }],
    ['a beginning in the future', { startsIn: 3600, expiresIn: 7200 }],
    ['no tenant', { drop: ['tid'] }],
  ])('with %s are refused', async (_what, change) => {
    expect(await ask(change)).toBe(401);
  });

  it('are device tickets too', async () => {
    const { token } = await forgeToken({ kind: 'ticket', audience: 'ztd.dds.microsoft.com', claims: { ddid: '0018000000000001' } });
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object);
    expect([header, claims]).toMatchObject([
      { alg: 'ES256' },
      { iss: 'login.live.com', aud: 'ztd.dds.microsoft.com', ddid: '0018000000000001' },
    ]);
  });

  it('need a tenant and a defect that there is', async () => {
    for (const body of [{ audience: 'x' }, { tenant: lab.tenant.id, audience: 'x', defect: 'funny' }])
      expect((await post('/forge/token', body)).status).toBe(400);
  });
});

interface Forged {
  readonly certificate: string;
  readonly privateKey?: string;
  readonly chain: readonly string[];
}
const parsed = ({ certificate, chain }: Forged) => {
  const [issuer = ''] = chain;
  return { leaf: new X509Certificate(Buffer.from(certificate, 'base64')), issuer: new X509Certificate(Buffer.from(issuer, 'base64')) };
};

describe('forged certificates', () => {
  const order = (change: object = {}) => ({ profile: 'device', tenant: lab.tenant.id, deviceId: randomUUID(), ...change });

  it.each([['device'], ['mdm']])('of the profile %s chain to the authority, and come with their key', async (profile) => {
    const forged = await forge<Forged>('/forge/certificate', order({ profile }));
    const { leaf, issuer } = parsed(forged);
    expect([leaf.verify(issuer.publicKey), leaf.checkIssued(issuer)]).toEqual([true, true]);
    const key = createPrivateKey({ key: Buffer.from(forged.privateKey ?? '', 'base64'), format: 'der', type: 'pkcs8' });
    expect(leaf.checkPrivateKey(key)).toBe(true);
  });

  it('have the defect that is asked for, and no other', async () => {
    const { publicKey, privateKey } = await generateKeyPair('rsa2048');
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const look = async (defect: string): Promise<Record<string, boolean>> => {
      const forged = await forge<Forged>('/forge/certificate', order({ publicKey: spki, defect }));
      expect(forged.privateKey).toBeUndefined();
      const { leaf, issuer } = parsed(forged);
      return {
        signed: leaf.verify(issuer.publicKey),
        own: leaf.checkPrivateKey(privateKey),
        begun: Date.parse(leaf.validFrom) < Date.now(),
        valid: Date.parse(leaf.validTo) > Date.now(),
      };
    };
    const sound = { signed: true, own: true, begun: true, valid: true };
    expect(await look('none')).toEqual(sound);
    expect(await look('unknown_ca')).toEqual({ ...sound, signed: false });
    expect(await look('other_key')).toEqual({ ...sound, own: false });
    expect(await look('not_yet_valid')).toEqual({ ...sound, begun: false });
    expect(await look('expired')).toEqual({ ...sound, valid: false });
  });

  it('need a key that is one', async () => {
    expect((await post('/forge/certificate', order({ publicKey: 'AAAA' }))).status).toBe(400);
  });
});
