import { beforeAll, describe, expect, it } from '@jest/globals';
import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { decodeDiscovery } from '@greenscreen/wire/drs';
import { useCloud } from '../../support/cloud.js';
import { armFault } from '../../support/faults.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, post, text } from '../sts/support.js';
import { certificateOf, DRS, entra, joinBody, newKeys, postJoin, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const get = (path: string, headers: Record<string, string> = {}) => cloud().request(`${DRS}${path}`, { headers });

describe('what is not served, and what comes from outside', () => {
  it('02 13.5 undescribed addresses answer 404 in the service’s shape', async () => {
    for (const path of [
      `/EnrollmentServer/device/resource/${lab.tenant.id}/`,
      `/webauthn/${lab.tenant.id}/`,
      `/aadpasswordpolicy/${lab.tenant.id}/`,
      '/EnrollmentServer/DeviceEnrollmentWebService.svc',
    ]) {
      const answer = await get(path);
      expect([answer.status, members(answer).ErrorType]).toEqual([404, 'UnknownError']);
    }
    expect((await get(`/${lab.domain}/discover?api-version=1.6`)).status).toBe(200);
  });

  it('05-11 discovery names what a join needs; an unknown domain and an outage have answers of their own', async () => {
    const path = `/${lab.domain}/discover?api-version=1.6`;
    const found = decodeDiscovery((await get(path)).json());
    for (const value of [
      found.joinEndpoint,
      found.authorizationEndpoint,
      found.tokenEndpoint,
      found.deviceManagementEndpoint,
      found.tenantId,
    ])
      expect(value).toEqual(expect.any(String));
    expect((await get('/nope.example/discover?api-version=1.6')).text()).toContain('AADSTS90002');
    const action = { respond: { code: 'drs.Maintenance' } };
    await armFault(cloud(), lab, { service: 'drs', operation: 'Discover', action, match: { nth: 1 } });
    const closed = await get(`/${lab.tenant.id}/discover?api-version=1.6`);
    expect([closed.status, closed.headers['retry-after']]).toEqual([503, '300']);
    expect((await get(`/${lab.tenant.id}/discover?api-version=1.6`)).status).toBe(200);
  });

  it('02-38 throttling and maintenance are injected by code', async () => {
    const join = async () => postJoin(cloud(), await userToken(cloud(), lab), await joinBody(await newKeys()));
    await armFault(cloud(), lab, { service: 'drs', operation: 'Join', action: { respond: { code: 'drs.Throttled' } }, match: { nth: 1 } });
    await armFault(cloud(), lab, {
      service: 'drs',
      operation: 'Join',
      action: { respond: { code: 'drs.Maintenance' } },
      match: { nth: 1 },
    });
    const throttled = await join();
    expect([throttled.status, members(throttled).ErrorType, members(throttled).Message]).toEqual([
      400,
      'DirectoryError',
      'Your request is throttled temporarily. Please try after 300 seconds.',
    ]);
    const closed = await join();
    expect([closed.status, closed.text()]).toEqual([503, '']);
    expect((await join()).status).toBe(200);
  });

  it('02 18 certificates with a defect, and tokens that are wrong', async () => {
    const issued = async (defect: string): Promise<Buffer> => {
      await armFault(cloud(), lab, {
        service: 'drs',
        operation: 'Join',
        action: { cert: { target: 'device', defect } },
        match: { nth: 1 },
      });
      return certificateOf(await postJoin(cloud(), await userToken(cloud(), lab), await joinBody(await newKeys())));
    };
    expect(decodeCertificate(await issued('expired')).notAfter.getTime()).toBeLessThan(Date.now());
    expect(decodeCertificate(await issued('not_yet_valid')).notBefore.getTime()).toBeGreaterThan(Date.now());
    expect(readDeviceCertificate(await issued('no_join_kind')).joined).toBeUndefined();
    expect(readDeviceCertificate(await issued('wrong_subject')).subject).toBe(lab.tenant.id);
    expect(decodeCertificate(await issued('wrong_issuer')).issuer.raw.toString('latin1')).toContain('P2P');
    expect(() => decodeCertificate(Buffer.from('30', 'hex'))).toThrow();
    const cut = await issued('truncated');
    expect(() => decodeCertificate(cut)).toThrow();
    const form = {
      grant_type: 'password',
      client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e',
      username: lab.user.upn,
      password: lab.password,
      resource: 'urn:ms-drs:enterpriseregistration.windows.net',
    };
    for (const token of [{ exp: -300 }, { nbf: 600 }, { aud: 'https://graph.microsoft.com' }, { drop: ['appid'] }]) {
      await armFault(cloud(), lab, { service: 'sts', operation: 'Token', action: { token }, match: { nth: 1 } });
      const access = text(members(await post(cloud(), `/${lab.tenant.id}/oauth2/token`, form)).access_token);
      const refused = await postJoin(cloud(), access, await joinBody(await newKeys()));
      expect([token, members(refused).Message]).toEqual([token, 'Invalid JWT token.']);
    }
    const good = text(members(await post(cloud(), `/${lab.tenant.id}/oauth2/token`, form)).access_token);
    expect((await postJoin(cloud(), good, await joinBody(await newKeys()))).status).toBe(200);
  });
});
