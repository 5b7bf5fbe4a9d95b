import { beforeAll, describe, expect, it } from '@jest/globals';
import { MdmApplication } from '@greenscreen/model/tenancy';
import { parseXml, type XmlElement } from '@greenscreen/wire/xml';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members } from '../sts/support.js';
import { registeredMachine } from '../sts/userless.support.js';
import { auditTrail, deviceToken, DRS, entra, joinedByUser, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const manager = () => cloud().context.dataSource.manager;
const get = (path: string, headers: Record<string, string> = {}) => cloud().request(`${DRS}${path}`, { headers });

describe('MS-DVRD contract', () => {
  const namesOf = ({ children }: XmlElement): string[] => children.map(({ name }) => name);

  it('02-22 version 1.0 has three children in order, 1.2 six; JSON has the same names', async () => {
    const path = `/${lab.domain}/EnrollmentServer/contract?api-version=`;
    const first = ['DeviceRegistrationService', 'AuthenticationService', 'IdentityProviderService'];
    const all = [...first, 'DeviceJoinService', 'WebBrowserZones', 'KeyProvisioningService'];
    for (const [version, names] of [
      ['1.0', first],
      ['1.2', all],
      ['1.4', all],
    ] as const) {
      const answer = await get(path + version);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
      const root = parseXml(answer.body);
      expect(root.namespace).toBe('http://schemas.datacontract.org/2004/07/Microsoft.DeviceRegistration.Entities');
      expect(namesOf(root)).toEqual(names);
      const asJson = await get(path + version, { accept: 'application/json' });
      expect(Object.keys(members(asJson))).toEqual(names);
    }
    expect((await get(`${path}1.0`, { accept: 'text/csv' })).status).toBe(406);
    expect((await get(`${path}3.0`)).status).toBe(400);
    expect((await get('/nope.example/enrollmentserver/Contract?api-version=1.0')).status).toBe(400);
    expect((await get(`/${lab.tenant.id}/enrollmentserver/Contract?api-version=1.0`)).status).toBe(200);
  });
});

describe('MDM list', () => {
  const list = async (token: string | undefined, tenant = lab.tenant.id) =>
    get(`/manage/${tenant}/`, token === undefined ? {} : { authorization: `Bearer ${token}` });

  it('05-21 lists one entry an application in scope, for devices and users', async () => {
    const own = await newTenant(cloud());
    const pc = await registeredMachine(cloud(), own);
    const [device, user] = [await deviceToken(cloud(), own, pc), await userToken(cloud(), own)];
    for (const token of [device, user])
      expect(members(await list(token, own.tenant.id)).value).toEqual([
        {
          appId: '0000000a-0000-0000-c000-000000000000',
          displayName: 'Microsoft Intune',
          enrollmentUrl: 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc',
          termsOfUseUrl: 'https://portal.manage.microsoft.com/TermsofUse.aspx',
          complianceUrl: 'https://portal.manage.microsoft.com/?portalAction=Compliance',
        },
      ]);
    const [intune] = await manager().findBy(MdmApplication, { tenantId: own.tenant.id });
    if (!intune) throw new Error('A tenant has Intune');
    await manager().insert(MdmApplication, {
      ...intune,
      appId: randomUUID(),
      displayName: 'Another',
      scope: 'some',
      scopeGroupId: randomUUID(),
    });
    expect(members(await list(device, own.tenant.id)).value).toHaveLength(2);
    expect(members(await list(user, own.tenant.id)).value).toHaveLength(1);
    await manager().update(MdmApplication, { tenantId: own.tenant.id }, { scope: 'none' });
    for (const token of [device, user]) expect(members(await list(token, own.tenant.id)).value).toEqual([]);
  });

  it('06 D-B36 without a token 401, with another tenant’s or another audience’s 400', async () => {
    expect((await list(undefined)).status).toBe(401);
    const foreign = await newTenant(cloud());
    expect((await list(await userToken(cloud(), foreign))).status).toBe(400);
    expect((await list(await userToken(cloud(), lab, { aud: 'https://graph.microsoft.com' }))).status).toBe(400);
    expect((await list(await userToken(cloud(), lab), 'common')).status).toBe(200);
  });
});

describe('BitLocker keys', () => {
  it('02 13.4 a device keeps, lists and deletes the keys of its own', async () => {
    const { device, certificate } = await joinedByUser(cloud(), lab);
    const other = await joinedByUser(cloud(), lab);
    const keys = (method: string, body?: Members, clientCertificate: Buffer | undefined = certificate) =>
      cloud().request(`${DRS}/manage/${lab.tenant.id}/bitlocker/${device.deviceId}?api-version=1.2`, {
        method,
        headers: { 'user-agent': 'BitLocker/10.0 (Windows)' },
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(clientCertificate ? { clientCertificate } : {}),
      });
    expect(members(await keys('GET'))).toEqual({ keys: [] });
    const kid = randomUUID();
    expect(members(await keys('POST', { keys: [{ kid, volumeType: 1, key: '111111-222222' }] }))).toEqual({
      keys: [{ kid, volumeType: 1 }],
    });
    expect((await keys('POST', { keys: [{ kid: 'x', volumeType: 1, key: '1' }] })).status).toBe(400);
    expect((await keys('POST', { keys: [{ kid: randomUUID(), volumeType: 9, key: '1' }] })).status).toBe(400);
    expect((await keys('GET', undefined, other.certificate)).status).toBe(401);
    expect(members(await keys('DELETE', { kids: [randomUUID()] }))).toEqual({ keys: [{ kid, volumeType: 1 }] });
    expect(members(await keys('DELETE', { kids: [kid] }))).toEqual({ keys: [] });
    expect((await keys('DELETE', { kids: Array.from({ length: 17 }, () => randomUUID()) })).status).toBe(400);
    expect((await auditTrail(cloud(), lab)).slice(-2).map((row) => [row.category, row.activityDisplayName])).toEqual([
      ['KeyManagement', 'Add BitLocker key'],
      ['KeyManagement', 'Delete BitLocker key'],
    ]);
  });
});
