import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { sts } from '@greenscreen/sts';
import { createHash, randomUUID, sign, type SignKeyObjectInput, constants } from 'node:crypto';
import { registerApplication } from '../../support/application.js';
import { useCloud } from '../../support/cloud.js';
import { programCertificate, type ProgramCertificate } from '../../support/program-certificate.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { claims, members, type Members, post, STS } from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
let certificate: ProgramCertificate;
let clientId: string;
let stranger: KeyPair;
beforeAll(async () => {
  lab = await newTenant(cloud());
  certificate = await programCertificate();
  clientId = await registerApplication(cloud(), lab, { certificates: [certificate.der] });
  stranger = await generateKeyPair('rsa2048');
});

const GRAPH = 'https://graph.microsoft.com/.default';
const sha256 = (): string => createHash('sha256').update(certificate.der).digest('base64url');
const sha1 = (): string => createHash('sha1').update(certificate.der).digest('base64url');
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

interface Assertion {
  readonly header?: Members;
  readonly claims?: Members;
  readonly key?: KeyPair;
}

/** A JWT of the test's own making, RS256 or PS256 by its header. */
function assertion({
  header = { alg: 'PS256', 'x5t#S256': sha256() },
  claims: change = {},
  key = certificate.keys,
}: Assertion = {}): string {
  const payload = {
    aud: `${STS}/${lab.tenant.id}/oauth2/v2.0/token`,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: inSeconds(0),
    exp: inSeconds(600),
    ...change,
  };
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signing: SignKeyObjectInput =
    header.alg === 'PS256' ? { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : { key: key.privateKey };
  return `${input}.${sign('sha256', Buffer.from(input), signing).toString('base64url')}`;
}

const redeem = (client_assertion: string, id = clientId) =>
  post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: id,
    scope: GRAPH,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
  });

describe('client assertions', () => {
  it.each([
    ['PS256 by x5t#S256', (): Assertion => ({})],
    ['RS256 by x5t', (): Assertion => ({ header: { alg: 'RS256', x5t: sha1() } })],
    [
      'RS256 by a kid in hex',
      (): Assertion => ({ header: { alg: 'RS256', kid: Buffer.from(sha1(), 'base64url').toString('hex').toUpperCase() } }),
    ],
    ['for the v1 endpoint of a verified domain', (): Assertion => ({ claims: { aud: `${STS}/${lab.domain}/oauth2/token` } })],
    ['for the issuer', (): Assertion => ({ claims: { aud: `https://sts.windows.net/${lab.tenant.id}/` } })],
    ['for nobody in particular', (): Assertion => ({ claims: { aud: `${STS}/common/oauth2/token` } })],
  ])('%s: the token says that a certificate vouched', async (_, input) => {
    const answer = await redeem(assertion(input()));
    expect(claims(members(answer).access_token)).toMatchObject({ appid: clientId, appidacr: '2', idtyp: 'app', tid: lab.tenant.id });
  });

  it.each([
    ['a key that is not registered', 700027, (): Assertion => ({ header: { alg: 'RS256', x5t: 'c3RyYW5nZXI' } })],
    ['the registered name over another key', 700027, (): Assertion => ({ key: stranger })],
    ['no name of a key', 700027, (): Assertion => ({ header: { alg: 'RS256' } })],
    ['an algorithm that is none', 700027, (): Assertion => ({ header: { alg: 'none', x5t: sha1() } })],
    ['another issuer', 700021, (): Assertion => ({ claims: { iss: lab.clientId } })],
    ['another subject', 700021, (): Assertion => ({ claims: { sub: lab.clientId } })],
    ['another service', 700023, (): Assertion => ({ claims: { aud: 'https://graph.microsoft.com' } })],
    ['another tenant', 700023, (): Assertion => ({ claims: { aud: `${STS}/${randomUUID()}/oauth2/token` } })],
    ['an hour ago', 700024, (): Assertion => ({ claims: { nbf: inSeconds(-4200), exp: inSeconds(-3600) } })],
    ['an hour ahead', 700024, (): Assertion => ({ claims: { nbf: inSeconds(3600), exp: inSeconds(4200) } })],
    ['no end', 700024, (): Assertion => ({ claims: { exp: undefined } })],
  ])('%s is AADSTS%d', async (_, code, input) => {
    const answer = await redeem(assertion(input()));
    expect([answer.status, members(answer)]).toEqual([401, expect.objectContaining({ error: 'invalid_client', error_codes: [code] })]);
  });

  it('text that is no JWT is AADSTS50027, and an application without certificates cannot use one', async () => {
    expect(members(await redeem('not.a-jwt')).error_codes).toEqual([50027]);
    expect(members(await redeem(assertion({ claims: { iss: lab.clientId, sub: lab.clientId } }), lab.clientId)).error_codes).toEqual([
      700027,
    ]);
    const publicId = await registerApplication(cloud(), lab);
    expect(members(await redeem(assertion({ claims: { iss: publicId, sub: publicId } }), publicId)).error_codes).toEqual([700025]);
    const none = { grant_type: 'client_credentials', scope: GRAPH };
    expect(members(await post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, { ...none, client_id: publicId })).error_codes).toEqual([
      7000218,
    ]);
    expect(members(await post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, { ...none, client_id: clientId })).error_codes).toEqual([
      7000218,
    ]);
  });
});
