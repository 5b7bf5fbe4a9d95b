import { beforeAll, describe, expect, it } from '@jest/globals';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { Tenant } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { useReplicas } from '../../support/replicas.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { joinBody, newKeys, postJoin } from '../drs/support.js';
import { deviceSigned, DRS_URN, header, joinedDevice, members, nonce, passwordForm, post, signedForm, STS, text } from './support.js';

const replicas = useReplicas(sts, drs, graph);
const cloud = () => replicas().first;
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const setStage = (stage: string | undefined) =>
  cloud().context.dataSource.manager.update(
    Tenant,
    { id: lab.tenant.id },
    { switches: stage === undefined ? {} : { 'sts.signingKey': stage } },
  );

async function keySet(segment = lab.tenant.id, path = 'discovery/v2.0/keys'): Promise<JSONWebKeySet> {
  return (await cloud().request(`${STS}/${segment}/${path}`)).json() as JSONWebKeySet;
}
const kidsOf = ({ keys }: JSONWebKeySet): unknown[] => keys.map(({ kid }) => kid);

const userToken = async (resource = DRS_URN): Promise<string> =>
  text(members(await post(cloud(), '/common/oauth2/token', passwordForm(lab, { resource }))).access_token);

/** A receiver with that key set, as MDM services and web applications are. */
const verifies = async (token: string, keys: JSONWebKeySet): Promise<boolean> => {
  try {
    await jwtVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return false;
    throw error;
  }
};

describe('the signing key rolls over', () => {
  it('02 18 the key set changes between tokens: whoever keeps an old one fails until it asks again', async () => {
    const before = await keySet();
    const first = await userToken();
    expect(kidsOf(before)).toEqual([header(first).kid]);

    await setStage('announced');
    const announced = await keySet();
    expect(kidsOf(announced)).toEqual([header(first).kid, expect.any(String)]);
    expect(header(await userToken()).kid).toBe(header(first).kid);

    await setStage('next');
    const second = await userToken();
    const after = await keySet();
    expect(header(second)).toMatchObject({ kid: kidsOf(announced)[1], x5t: kidsOf(announced)[1] });
    expect(kidsOf(after)).toEqual([kidsOf(announced)[1], kidsOf(announced)[0]]);
    expect([await verifies(second, before), await verifies(second, announced), await verifies(second, after)]).toEqual([false, true, true]);
    expect([await verifies(first, before), await verifies(first, after)]).toEqual([true, true]);
    // Where the path names no tenant, the set is everybody's.
    for (const path of ['discovery/keys', 'discovery/v2.0/keys']) expect(await verifies(second, await keySet('common', path))).toBe(true);

    await setStage(undefined);
    expect(kidsOf(await keySet())).toEqual(kidsOf(before));
    expect(header(await userToken()).kid).toBe(header(first).kid);
  });

  it('02 18 every kind of token is signed by the new one, and every replica takes both', async () => {
    const keys = await newKeys();
    const old = await userToken();
    await setStage('next');
    const [, next] = kidsOf(await keySet()).reverse();
    const device = await joinedDevice(cloud(), lab);
    const request = await deviceSigned(device, {
      grant_type: 'device_token',
      resource: DRS_URN,
      client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e',
      request_nonce: await nonce(cloud()),
    });
    const application = { grant_type: 'client_credentials', client_id: lab.clientId, client_secret: lab.clientSecret };
    const graphResource = { resource: 'https://graph.microsoft.com' };
    const answers = [
      await post(cloud(), '/common/oauth2/token', passwordForm(lab)),
      await post(cloud(), '/common/oauth2/token', signedForm(request)),
      await post(cloud(), '/common/oauth2/token', { ...application, ...graphResource }),
      await post(cloud(), `/${lab.tenant.id}/oauth2/token`, { ...application, ...graphResource }),
    ];
    const tokens = answers.flatMap((answer) => [members(answer).access_token, members(answer).id_token ?? []].flat());
    expect(tokens.map((token) => header(token).kid)).toEqual(tokens.map(() => next));
    expect(tokens).toHaveLength(5);
    const body = await joinBody(keys);
    for (const token of [old, await userToken()])
      expect((await replicas().atOnce(2, (replica) => postJoin(replica, token, body))).map(({ status }) => status)).toEqual([200, 200]);
    const me = await cloud().request('https://graph.microsoft.com/v1.0/me', {
      headers: { authorization: `Bearer ${await userToken('https://graph.microsoft.com')}` },
    });
    expect(me.status).toBe(200);
    await setStage(undefined);
  });

  it('02 18 one tenant’s roll-over leaves another’s alone', async () => {
    const other = await newTenant(cloud());
    await setStage('next');
    const token = text(members(await post(cloud(), '/common/oauth2/token', passwordForm(other))).access_token);
    const keys = await keySet(other.tenant.id);
    expect([keys.keys.length, await verifies(token, keys)]).toEqual([1, true]);
    await setStage(undefined);
  });
});
