import { beforeAll, describe, expect, it } from '@jest/globals';
import { signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { stsSigning } from '@greenscreen/host/authority/definitions';
import { mdm } from '@greenscreen/mdm';
import { sts } from '@greenscreen/sts';
import { createHmac, randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { certificateOf, deviceOfCertificate, DRS, joinBody, type JoinKeys, keyBlob, newKeys, postJoin } from '../drs/support.js';
import { enroll, getPolicies, joinedAutopilotDevice, plain, refusalOf } from '../mdm/support.js';
import { BROKER, claims, DRS_URN, ENROLLMENT, header, members, type Members, passwordForm, post, STS, text } from './support.js';

const cloud = useCloud(sts, drs, mdm, graph);
let lab: TestTenant;
let foreign: TestTenant;
let keys: JoinKeys;
let stranger: KeyPair;
beforeAll(async () => {
  [lab, foreign] = [await newTenant(cloud()), await newTenant(cloud())];
  keys = await newKeys();
  stranger = await generateKeyPair('rsa2048');
});

const GRAPH = 'https://graph.microsoft.com';
const TERMS_RETURN = 'ms-appx-web://Microsoft.AAD.BrokerPlugin';
const OLD_GRAPH = 'https://graph.windows.net';
const get = (url: string, token: string) => cloud().request(url, { headers: { authorization: `Bearer ${token}` } });

/** A real token of an administrator, for a resource, by password. */
const userTokenFor = async (resource: string, tenant = lab): Promise<string> =>
  text(members(await post(cloud(), '/common/oauth2/token', passwordForm({ ...tenant, user: tenant.admin }, { resource }))).access_token);

/** A place that takes access tokens: how a token is shown there, and what a refused one gets. */
interface Taker {
  readonly resource: string;
  /** The token that it would accept; without, an administrator's. */
  readonly token?: (resource: string, tenant?: TestTenant) => Promise<string>;
  readonly show: (token: string, tenant?: TestTenant) => Promise<TestResponse>;
  /** 200 unless said. */
  readonly accepted?: number;
  readonly refused: unknown;
  readonly refusal: (response: TestResponse) => unknown;
}

/** A real token of the tenant's application. */
const applicationTokenFor = async (resource: string, { tenant, clientId, clientSecret } = lab): Promise<string> => {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, resource };
  return text(members(await post(cloud(), `/${tenant.id}/oauth2/token`, form)).access_token);
};

/** A user's token from a registered device, with a second factor. */
const strongTokenFor = async (resource: string, tenant = lab): Promise<string> => {
  const joined = await postJoin(cloud(), await userTokenFor(DRS_URN, tenant), await joinBody(keys));
  const { deviceId } = await deviceOfCertificate(cloud(), certificateOf(joined));
  return changed(await userTokenFor(resource, tenant), { deviceid: deviceId, amr: ['pwd', 'rsa', 'mfa'] });
};

const tokenFor = ({ resource, token = userTokenFor }: Taker, tenant?: TestTenant): Promise<string> => token(resource, tenant);

const inThirtyDays = (): string => new Date(Date.now() + 30 * 86_400_000).toLocaleDateString('en-US', { timeZone: 'UTC' });
const invalidJwt = { refused: [400, 'Invalid JWT token.'], refusal: (answer: TestResponse) => [answer.status, members(answer).Message] };
const authentication = {
  refused: [500, 's:Authentication'],
  refusal: (answer: TestResponse) => [answer.status, refusalOf(answer).subcode],
};
const unauthorized = { refused: 401, refusal: ({ status }: TestResponse) => status };

const takers: Readonly<Record<string, Taker>> = {
  'a join': { resource: DRS_URN, show: async (token) => postJoin(cloud(), token, await joinBody(keys)), ...invalidJwt },
  'the list of MDM applications': { resource: DRS_URN, show: (token) => get(`${DRS}/manage/common/`, token), ...invalidJwt },
  'a bulk package': {
    resource: DRS_URN,
    show: (token) =>
      cloud().request(`${STS}/webapp/bulkaadjtoken/begin`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ pid: randomUUID(), name: 'pkg', exp: inThirtyDays() }),
      }),
    refused: [400, [240002]],
    refusal: (answer) => [answer.status, members(answer).error_codes],
  },
  'a Windows Hello key': {
    resource: DRS_URN,
    token: strongTokenFor,
    show: (token) =>
      cloud().request(`${DRS}/EnrollmentServer/key/?api-version=1.0`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        body: JSON.stringify({ kngc: keyBlob(keys.transport) }),
      }),
    ...unauthorized,
  },
  'a pre-creation': {
    resource: DRS_URN,
    token: applicationTokenFor,
    show: (token, { tenant } = lab) =>
      cloud().request(`${DRS}/EnrollmentServer/device/precreate/${tenant.id}/?api-version=1.0`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ ztdid: randomUUID(), displayName: 'SN-1' }),
      }),
    accepted: 201,
    ...invalidJwt,
  },
  'the policy service': { resource: ENROLLMENT, show: (token) => getPolicies(cloud(), token), ...authentication },
  'an enrollment': {
    resource: ENROLLMENT,
    show: async (token) => enroll(cloud(), { token, context: plain(await joinedAutopilotDevice(cloud(), lab)) }),
    ...authentication,
  },
  'the terms of use': {
    resource: ENROLLMENT,
    show: (token) =>
      get(`https://portal.manage.microsoft.com/TermsofUse.aspx?api-version=1.0&redirect_uri=${encodeURIComponent(TERMS_RETURN)}`, token),
    refused: [302, true],
    refusal: ({ status, headers }) => [status, text(headers.location).startsWith(`${TERMS_RETURN}?error=unauthorized_client`)],
  },
  'the token renewal service': {
    resource: ENROLLMENT,
    token: strongTokenFor,
    show: (token) => get('https://fef.mock01.manage.microsoft.com/TokenRenewalService/TokenRenewal.svc?api-version=1.0', token),
    ...unauthorized,
  },
  Graph: { resource: GRAPH, show: (token) => get(`${GRAPH}/v1.0/me`, token), ...unauthorized },
  'the user information endpoint': { resource: GRAPH, show: (token) => get(`${GRAPH}/oidc/userinfo`, token), ...unauthorized },
  'the older Graph': { resource: OLD_GRAPH, show: (token) => get(`${OLD_GRAPH}/myorganization/devices`, token), ...unauthorized },
};

/** The same token, changed and signed by the token service's own key: what only that key's holder could make. */
async function changed(token: string, change: Members): Promise<string> {
  const { privateKey } = await cloud().context.authorities.get(stsSigning);
  const kid = text(header(token).kid);
  return signJwt({ ...claims(token), ...change }, { alg: 'RS256', kid, x5t: kid, privateKey });
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is wrong with a token that a taker has to refuse. `real`: the token that it would accept. */
const faults: readonly (readonly [string, (real: string, taker: Taker) => Promise<string> | string])[] = [
  ['one for another service', (_, taker) => tokenFor({ ...taker, resource: taker.resource === GRAPH ? DRS_URN : GRAPH })],
  [
    'an ID token',
    async (_, { resource }) => text(members(await post(cloud(), '/common/oauth2/token', passwordForm(lab, { resource }))).id_token),
  ],
  [
    'one of a tenant that is not here',
    (real) =>
      changed(real, { tid: '6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4', iss: 'https://sts.windows.net/6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4/' }),
  ],
  ['one whose issuer is another tenant', (real) => changed(real, { iss: `https://sts.windows.net/${foreign.tenant.id}/` })],
  ['one whose tenant is not its issuer', (real) => changed(real, { tid: foreign.tenant.id })],
  ['one of the v2 issuer', (real) => changed(real, { iss: `${STS}/${lab.tenant.id}/v2.0` })],
  [
    'one signed by a stranger under the known key id',
    (real) => signJwt(claims(real), { alg: 'RS256', kid: text(header(real).kid), privateKey: stranger.privateKey }),
  ],
  [
    'one signed by a stranger under a key id of his own',
    (real) => signJwt(claims(real), { alg: 'RS256', kid: 'stranger', privateKey: stranger.privateKey }),
  ],
  [
    'one whose claims were touched',
    (real) => [real.split('.')[0], part({ ...claims(real), oid: randomUUID() }), real.split('.')[2]].join('.'),
  ],
  ['one without a signature', (real) => `${part({ typ: 'JWT', alg: 'none', kid: header(real).kid })}.${part(claims(real))}.`],
  [
    'one signed with the public key as a secret',
    async (real) => {
      const { publicKey } = await cloud().context.authorities.get(stsSigning);
      const input = `${part({ typ: 'JWT', alg: 'HS256', kid: header(real).kid })}.${part(claims(real))}`;
      return `${input}.${createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
        .update(input)
        .digest('base64url')}`;
    },
  ],
];

describe.each(Object.entries(takers))('%s', (_, taker) => {
  it('takes the token that is meant for it', async () => {
    const { accepted = 200 } = taker;
    expect((await taker.show(await tokenFor(taker))).status).toBe(accepted);
    // What the table changes does not matter as such.
    expect((await taker.show(await changed(await tokenFor(taker), {}))).status).toBe(accepted);
  });

  it.each(faults)('refuses %s', async (_name, make) => {
    const token = await make(await tokenFor(taker), taker);
    expect(taker.refusal(await taker.show(token))).toEqual(taker.refused);
  });

  it('refuses one that has expired, by the clock of its tenant', async () => {
    const own = await newTenant(cloud());
    const token = await tokenFor(taker, own);
    await cloud().context.clock.advance(own.tenant.id, 2 * 3_600_000);
    expect(taker.refusal(await taker.show(token, own))).toEqual(taker.refused);
    expect((await taker.show(await tokenFor(taker, own), own)).status).toBe(taker.accepted ?? 200);
  });
});

describe("another tenant's token", () => {
  it('sees its own tenant only', async () => {
    const [own, other] = [await userTokenFor(GRAPH), await userTokenFor(GRAPH, foreign)];
    const me = async (token: string) => members(await get(`${GRAPH}/v1.0/me`, token)).userPrincipalName;
    expect([await me(own), await me(other)]).toEqual([lab.admin.upn, foreign.admin.upn]);
    expect((await get(`${GRAPH}/v1.0/users/${lab.user.id}`, own)).status).toBe(200);
    expect((await get(`${GRAPH}/v1.0/users/${lab.user.id}`, other)).status).toBe(404);
  });

  it('is refused where a path names this one', async () => {
    const list = async (token: string) => (await get(`${DRS}/manage/${lab.tenant.id}/`, token)).status;
    expect([await list(await userTokenFor(DRS_URN)), await list(await userTokenFor(DRS_URN, foreign))]).toEqual([200, 400]);
    const old = async (token: string) => (await get(`${OLD_GRAPH}/${lab.tenant.id}/tenantDetails`, token)).status;
    expect([await old(await userTokenFor(OLD_GRAPH)), await old(await userTokenFor(OLD_GRAPH, foreign))]).toEqual([200, 404]);
  });

  it('does not renew at this one', async () => {
    const { refresh_token } = members(await post(cloud(), '/common/oauth2/token', passwordForm(foreign)));
    const renew = (tenant: TestTenant) =>
      post(cloud(), `/${tenant.tenant.id}/oauth2/token`, {
        grant_type: 'refresh_token',
        client_id: BROKER,
        refresh_token: text(refresh_token),
        resource: DRS_URN,
      });
    expect((await renew(foreign)).status).toBe(200);
    expect(members(await renew(lab)).error_codes).toEqual([70000]);
  });
});
