import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { EntraDevice } from '@greenscreen/model/directory';
import { decodePageConfig } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  BROKER,
  claims,
  deviceSigned,
  DRS_URN,
  joinedDevice,
  type JoinedDevice,
  members,
  type Members,
  passwordForm,
  post,
  STS,
  text,
} from './support.js';

const GRAPH = 'https://graph.microsoft.com';
const REDIRECT = 'msauth://Microsoft.AAD.BrokerPlugin';
const ANNOUNCED = { 'x-ms-PKeyAuth': '1.0' };
const AUTHORITIES = 'OU=82dbaca4-3e81-46ca-9c73-0950c1eaca97,CN=MS-Organization-Access,DC=windows,DC=net';

const cloud = useCloud(sts);
let lab: TestTenant;
let pc: JoinedDevice;
beforeAll(async () => {
  lab = await newTenant(cloud(), { 'sts.requireDevice': true });
  pc = await joinedDevice(cloud(), lab);
});

interface Challenge {
  readonly nonce: string;
  readonly context: string;
  readonly audience: string;
}

/** The answer of a client that has the certificate of a device. */
async function answerTo({ nonce, context, audience }: Challenge, device = pc, change: Members = {}): Promise<Record<string, string>> {
  const token = await deviceSigned(device, { aud: audience, nonce, iat: Math.floor(Date.now() / 1000), ...change });
  return { ...ANNOUNCED, authorization: `PKeyAuth AuthToken="${token}",Context="${context}",Version="1.0"` };
}

describe('a browser control that can tell its device', () => {
  const query = (more = ''): string =>
    `${STS}/${lab.tenant.id}/oauth2/authorize?${new URLSearchParams({ client_id: BROKER, redirect_uri: REDIRECT, response_type: 'code', resource: GRAPH, state: 'a&b' }).toString()}${more}`;
  const open = (url: string, headers: Record<string, string> = {}) => cloud().request(url, { headers });

  function challengeOf(answer: TestResponse): Challenge {
    const location = text(answer.headers.location);
    expect([answer.status, location.split('?')[0]]).toEqual([302, 'urn:http-auth:PKeyAuth']);
    const parameters = new URLSearchParams(location.split(/\?(.*)/s)[1]);
    expect([parameters.get('Version'), parameters.get('CertAuthorities')]).toEqual(['1.0', AUTHORITIES]);
    const value = (name: string): string => parameters.get(name) ?? '';
    return { nonce: value('Nonce'), context: value('Context'), audience: value('SubmitUrl') };
  }

  /** Signs in on a page; the code that comes back. */
  async function codeFrom(page: TestResponse): Promise<string> {
    const flowToken = text(decodePageConfig(page.text())?.sFT);
    const sent = await post(cloud(), '/common/login', { login: lab.user.upn, passwd: lab.password, flowToken });
    const { searchParams } = new URL(text(sent.headers.location));
    expect(searchParams.get('state')).toBe('a&b');
    return searchParams.get('code') ?? '';
  }
  const redeem = (code: string, headers: Record<string, string> = {}) =>
    cloud().request(`${STS}/common/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: BROKER, code, redirect_uri: REDIRECT }).toString(),
    });

  it('02 8.5 is asked before the page, and the tokens name the device', async () => {
    for (const headers of [ANNOUNCED, { 'x-ms-PkeyAuth+': '1.0' }, { 'user-agent': 'Mozilla/5.0 (Windows NT 6.3; PKeyAuth/1.0)' }]) {
      const challenge = challengeOf(await open(query(), headers));
      const page = await open(challenge.audience, await answerTo(challenge));
      expect(page.status).toBe(200);
      const tokens = members(await redeem(await codeFrom(page)));
      expect(claims(tokens.access_token)).toMatchObject({ deviceid: pc.device.deviceId, upn: lab.user.upn, amr: ['pwd', 'rsa'] });
    }
  });

  it('02 8.5 goes on without a device when it has no certificate; who cannot tell is not asked', async () => {
    const { audience, context } = challengeOf(await open(query(), ANNOUNCED));
    const page = await open(audience, { ...ANNOUNCED, authorization: `PKeyAuth Context="${context}",Version="1.0"` });
    const code = await codeFrom(page);
    expect(members(await redeem(code)).error_codes).toEqual([50097]);
    // The refusal has not used up the code.
    const challenged = await redeem(code, ANNOUNCED);
    const [, nonce = ''] = /Nonce="([^"]*)"/.exec(text(challenged.headers['www-authenticate'])) ?? [];
    const tokens = members(await redeem(code, await answerTo({ nonce, context, audience: `${STS}/common/oauth2/token` })));
    expect(claims(tokens.access_token).deviceid).toBe(pc.device.deviceId);
    expect(decodePageConfig((await open(query())).text())?.pgid).toBe('ConvergedSignIn');
    expect(text((await open(query('&prompt=none'), ANNOUNCED)).headers.location)).toContain('error=login_required');
  });

  it('02 8.5 is refused where its answer is wrong, at the address that the program waits for', async () => {
    const challenge = challengeOf(await open(query(), ANNOUNCED));
    const wrong = await open(challenge.audience, await answerTo({ ...challenge, audience: 'https://example.com/elsewhere' }));
    expect(new URL(text(wrong.headers.location)).searchParams.get('error_description')).toContain('AADSTS50013');
    expect((await open(challenge.audience, await answerTo(challenge))).status).toBe(200);
  });
});

describe('a program that can tell its device', () => {
  const tokenPath = (): string => `/${lab.tenant.id}/oauth2/token`;
  const form = (resource = GRAPH) => passwordForm(lab, { resource });
  const ask = (headers: Record<string, string>, fields = form()) =>
    cloud().request(`${STS}${tokenPath()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });

  async function challenged(fields = form()): Promise<Challenge> {
    const answer = await ask(ANNOUNCED, fields);
    const header = text(answer.headers['www-authenticate']);
    expect([answer.status, members(answer).error_codes, header.split(' ')[0]]).toEqual([401, [50097], 'PKeyAuth']);
    expect(header).toContain(`CertAuthorities="${AUTHORITIES}"`);
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '';
    return { nonce: value('Nonce'), context: value('Context'), audience: `${STS}${tokenPath()}` };
  }

  it('02 8.5 is asked where the organization wants a device, and so are its later tokens', async () => {
    const tokens = members(await ask(await answerTo(await challenged())));
    expect(claims(tokens.access_token)).toMatchObject({ aud: GRAPH, deviceid: pc.device.deviceId, amr: ['pwd', 'rsa'] });
    const renewed = await ask(
      {},
      { grant_type: 'refresh_token', client_id: BROKER, refresh_token: text(tokens.refresh_token), resource: GRAPH },
    );
    expect(claims(members(renewed).access_token).deviceid).toBe(pc.device.deviceId);
  });

  it('02 8.5 a program that cannot is told that one is missing; a device can be got all the same', async () => {
    const refused = await ask({});
    expect([refused.status, members(refused).error, members(refused).error_codes]).toEqual([400, 'interaction_required', [50097]]);
    expect(refused.headers['www-authenticate']).toBeUndefined();
    for (const resource of [DRS_URN, 'https://enrollment.manage.microsoft.com/']) expect((await ask({}, form(resource))).status).toBe(200);
    const free = await newTenant(cloud());
    expect((await post(cloud(), '/common/oauth2/token', passwordForm(free, { resource: GRAPH }))).status).toBe(200);
  });

  it('02 8.5 wrong answers have numbers of their own, beside the right one', async () => {
    const other = await newTenant(cloud());
    const foreign = await joinedDevice(cloud(), other);
    const disabled = await joinedDevice(cloud(), lab);
    await cloud().context.dataSource.manager.update(EntraDevice, { objectId: disabled.device.objectId }, { accountEnabled: false });
    const challenge = await challenged();
    const codesOf = async (headers: Record<string, string>) => members(await ask(headers)).error_codes;
    expect(await codesOf(await answerTo({ ...challenge, audience: `${STS}/common/oauth2/authorize` }))).toEqual([50013]);
    expect(await codesOf(await answerTo(challenge, { ...pc, keys: await generateKeyPair('rsa2048') }))).toEqual([50099]);
    expect(await codesOf(await answerTo({ ...challenge, nonce: 'guess' }))).toEqual([140000]);
    expect(await codesOf(await answerTo(challenge, foreign))).toEqual([50155]);
    expect(await codesOf(await answerTo(challenge, disabled))).toEqual([135011]);
    expect(await codesOf({ ...ANNOUNCED, authorization: 'PKeyAuth AuthToken="x",Context="y",Version="1.0"' })).toEqual([50027]);
    expect((await ask(await answerTo(challenge))).status).toBe(200);
    // A device of another tenant proves nothing for this user, whatever the path says.
    const open = await cloud().request(`${STS}/common/oauth2/token`, {
      method: 'POST',
      headers: await answerTo({ ...challenge, audience: `${STS}/common/oauth2/token` }, foreign),
      body: new URLSearchParams(form()).toString(),
    });
    expect(members(open).error_codes).toEqual([50155]);
  });
});
