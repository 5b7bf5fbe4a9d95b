import { beforeAll, describe, expect, it } from '@jest/globals';
import { HelloKey } from '@greenscreen/model/directory';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members, text } from '../sts/support.js';
import { auditTrail, DRS, entra, joinedByUser, keyBlob, object, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
let deviceId: string;
let kngc: string;
beforeAll(async () => {
  lab = await newTenant(cloud());
  deviceId = (await joinedByUser(cloud(), lab)).device.deviceId;
  kngc = keyBlob(await generateKeyPair('rsa2048'));
});

interface KeyRequest {
  readonly claims?: Members;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly query?: string;
}
const strong = (): Members => ({ deviceid: deviceId, amr: ['pwd', 'rsa', 'mfa'] });
const register = async ({
  claims = strong(),
  headers = { accept: 'application/json' },
  body,
  query = '?api-version=1.0',
}: KeyRequest = {}) =>
  cloud().request(`${DRS}/EnrollmentServer/key/${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await userToken(cloud(), lab, claims)}`, 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify({ kngc }),
  });

describe('registration of Windows Hello keys', () => {
  it('02-36 takes a key of a signed-in user with a second factor', async () => {
    const id = '9d3f6a52-0f7c-4d57-9b61-5d1a64c0f2aa';
    for (const method of ['mfa', 'ngcmfa', 'http://schemas.microsoft.com/claims/multipleauthn']) {
      const answer = await register({
        claims: { ...strong(), amr: [method] },
        headers: { accept: 'application/json', 'client-request-id': id, 'return-client-request-id': 'true' },
      });
      expect(answer.status).toBe(200);
      expect(members(answer)).toEqual({ kid: expect.stringMatching(/^[0-9a-f-]{36}$/), upn: lab.user.upn });
      expect(answer.headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers['client-request-id']).toBe(id);
      const key = await cloud().context.dataSource.manager.findOneByOrFail(HelloKey, { id: text(members(answer).kid) });
      expect(key).toMatchObject({ userId: lab.user.id, kngc });
    }
    expect((await auditTrail(cloud(), lab)).at(-1)).toMatchObject({
      category: 'UserManagement',
      activityDisplayName: 'Add Windows Hello for Business credential',
      initiatedBy: { kind: 'user', id: lab.user.id },
    });
  });

  it('02-36 refuses what MS-KPP refuses, in both of its error shapes', async () => {
    const cases: [what: string, change: KeyRequest, status: number][] = [
      ['no Accept', { headers: {} }, 400],
      ['another Accept', { headers: { accept: 'text/html' } }, 400],
      ['no version', { query: '' }, 400],
      ['no device', { claims: { amr: ['mfa'] } }, 401],
      ['an unknown device', { claims: { ...strong(), deviceid: lab.user.id } }, 401],
      ['no second factor', { claims: { ...strong(), amr: ['pwd', 'rsa'] } }, 401],
      ['another audience', { claims: { ...strong(), aud: 'https://graph.microsoft.com' } }, 401],
      ['no token', { headers: { accept: 'application/json', authorization: '' } }, 401],
      ['an unknown user', { claims: { ...strong(), upn: `nobody@${lab.domain}` } }, 400],
      ['no key', { body: '{}' }, 400],
      ['a key that is none', { body: '{"kngc":"AAAA"}' }, 400],
      ['no JSON', { body: 'kngc' }, 400],
    ];
    for (const [what, change, status] of cases) {
      const refused = await register(change);
      expect([what, refused.status]).toEqual([what, status]);
      const { code, message, response, error } = members(refused);
      expect([what, response]).toEqual([what, 'ERROR_FAIL']);
      expect(object(error)).toEqual({ code, message });
    }
    expect((await register()).status).toBe(200);
  });
});
