import { beforeAll, describe, expect, it } from '@jest/globals';
import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { basicConstraints, commonName, decodeCertificate, issueCertificate } from '@greenscreen/crypto/x509';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type EntraDevice, removeStaleDevices, setDeviceEnabled, synchronizeDevice } from '@greenscreen/model/directory';
import { MdmApplication } from '@greenscreen/model/tenancy';
import { decodeDiscovery } from '@greenscreen/wire/drs';
import { parseXml, type XmlElement } from '@greenscreen/wire/xml';
import { randomUUID, sign } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { armFault } from '../../support/faults.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members, post, text } from '../sts/support.js';
import { registeredMachine } from '../sts/userless.support.js';
import {
  auditTrail,
  certificateOf,
  csrOf,
  deviceToken,
  DRS,
  entra,
  findDevice,
  joinBody,
  joinedByUser,
  type JoinKeys,
  keyBlob,
  newKeys,
  postJoin,
  userToken,
} from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const manager = () => cloud().context.dataSource.manager;
const get = (path: string, headers: Record<string, string> = {}) => cloud().request(`${DRS}${path}`, { headers });
const change = () => ({ random: cloud().context.random, at: new Date(), correlationId: randomUUID() });

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

describe('hybrid join', () => {
  const SID = 'S-1-5-21-1-2-3-1104';

  interface Computer {
    readonly device: EntraDevice;
    readonly keys: JoinKeys;
    /** Of the synchronised certificate. */
    readonly own: KeyPair;
  }

  async function synchronized(): Promise<Computer> {
    const own = await generateKeyPair('rsa2048');
    const deviceId = randomUUID();
    const name = commonName(deviceId);
    const userCertificate = issueCertificate({
      issuer: name,
      subject: name,
      notBefore: new Date(0),
      notAfter: new Date('2049-01-01T00:00:00Z'),
      publicKey: own.publicKey,
      signingKey: own.privateKey,
      extensions: [basicConstraints(false)],
    });
    const device = await synchronizeDevice(manager(), {
      ...change(),
      tenantId: lab.tenant.id,
      deviceId,
      displayName: 'PC1',
      sid: SID,
      userCertificate,
    });
    return { device, keys: await newKeys(), own };
  }

  interface Proof {
    readonly sid?: string;
    readonly at?: Date;
    readonly signer?: KeyPair;
    readonly deviceId?: string;
    readonly body?: Members;
  }

  async function put(
    { device, keys, own }: Computer,
    { sid = SID, at = new Date(), signer = own, deviceId = device.deviceId, body = {} }: Proof = {},
  ): Promise<TestResponse> {
    const statement = `${sid}.${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
    return cloud().request(`${DRS}/EnrollmentServer/device/${deviceId}?api-version=2.0`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        CertificateRequest: { Type: 'pkcs10', Data: (await csrOf(keys.device)).toString('base64') },
        JoinType: 6,
        ServerAdJoinData: {
          TransportKey: keyBlob(keys.transport),
          TargetDomain: 'corp.example',
          DeviceType: 'Windows',
          OSVersion: '10.0.26100.2454',
          DeviceDisplayName: 'PC1.corp.example',
          SourceDomainController: 'dc1.corp.example',
          TargetDomainId: lab.tenant.id,
          ClientIdentity: {
            Type: 'sha256signed',
            Sid: statement,
            SignedBlob: sign('sha256', Buffer.from(statement, 'ascii'), signer.privateKey).toString('base64'),
          },
        },
        attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' },
        ...body,
      }),
    });
  }

  it('02 13.1 a synchronised computer takes its object with its own key', async () => {
    const computer = await synchronized();
    const answer = await put(computer);
    expect(answer.status).toBe(200);
    expect(readDeviceCertificate(certificateOf(answer))).toMatchObject({
      deviceId: computer.device.deviceId,
      userObjectId: computer.device.deviceId,
      joined: true,
    });
    expect(members(answer)).not.toHaveProperty('User');
    expect(await findDevice(cloud(), computer.device.deviceId)).toMatchObject({
      state: 'joined_device',
      trustType: 'ServerAd',
      displayName: 'PC1.corp.example',
      transportKey: keyBlob(computer.keys.transport),
    });
  });

  it('02 13.1 what does not fit is refused, and the object waits on', async () => {
    const computer = await synchronized();
    const other = await synchronized();
    const ordinary = await joinedByUser(cloud(), lab);
    const cases: [what: string, proof: Proof, message: string | RegExp][] = [
      ['an unknown object', { deviceId: lab.user.id }, `The device object by the given id (${lab.user.id}) is not found.`],
      ['no GUID', { deviceId: 'pc1' }, 'The device object by the given id (pc1) is not found.'],
      ['an object that was not synchronised', { deviceId: ordinary.device.deviceId }, /is not found/],
      ['another SID', { sid: 'S-1-5-21-1-2-3-9' }, /client identity/],
      ['an old proof', { at: new Date(Date.now() - 6 * 60_000) }, /client identity/],
      ['another key', { signer: other.own }, /client identity/],
      ['another join type', { body: { JoinType: 0 } }, /JoinType/],
      [
        'no proof at all',
        {
          body: {
            ServerAdJoinData: undefined,
            TransportKey: keyBlob(computer.keys.transport),
            TargetDomain: 'x',
            DeviceType: 'Windows',
            DeviceDisplayName: 'x',
          },
        },
        /ServerAdJoinData/,
      ],
    ];
    for (const [what, proof, message] of cases) {
      const refused = await put(computer, proof);
      expect([what, refused.status]).toEqual([what, 400]);
      expect(members(refused).Message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    }
    expect((await findDevice(cloud(), computer.device.deviceId)).state).toBe('precreated');
    expect((await put(computer)).status).toBe(200);
  });
});

describe('pre-creation', () => {
  const applicationToken = async (of: TestTenant): Promise<string> =>
    text(
      members(
        await post(cloud(), `/${of.tenant.id}/oauth2/token`, {
          grant_type: 'client_credentials',
          client_id: of.clientId,
          client_secret: of.clientSecret,
          resource: 'urn:ms-drs:enterpriseregistration.windows.net',
        }),
      ).access_token,
    );
  const precreate = (token: string, body: Members, tenant = lab.tenant.id) =>
    cloud().request(`${DRS}/EnrollmentServer/device/precreate/${tenant}/?api-version=1.0`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });

  it('02 12.4 an application pre-creates an object, which then joins', async () => {
    const token = await applicationToken(lab);
    const ztdid = randomUUID();
    const answer = await precreate(token, { ztdid, displayName: 'SN-1' });
    expect(answer.status).toBe(201);
    const deviceId = text(members(answer).deviceId);
    expect(await findDevice(cloud(), deviceId)).toMatchObject({
      objectId: members(answer).objectId,
      state: 'precreated',
      accountEnabled: false,
      displayName: 'SN-1',
      physicalIds: [`[ZTDID]:${ztdid}`],
      trustType: 'AzureAd',
      operatingSystem: null,
    });
    expect((await auditTrail(cloud(), lab)).slice(-2).map((row) => [row.activityDisplayName, row.initiatedBy.kind])).toEqual([
      ['pre-create device', 'app'],
      ['Add device', 'app'],
    ]);
    expect((await precreate(token, { ztdid, displayName: 'SN-1' })).status).toBe(400);
    const joined = await postJoin(
      cloud(),
      await deviceToken(cloud(), lab, { ztdId: ztdid, deviceId }),
      await joinBody(await newKeys(), { JoinType: 11 }),
    );
    expect(joined.status).toBe(200);
  });

  it('02 12.4 only the tenant’s applications may; a registration without object gets one', async () => {
    const body = { ztdid: randomUUID(), displayName: 'SN-1' };
    const foreign = await newTenant(cloud());
    for (const token of [await userToken(cloud(), lab), await applicationToken(foreign)])
      expect((await precreate(token, body)).status).toBe(400);
    const token = await applicationToken(lab);
    for (const broken of [{ displayName: 'x' }, { ztdid: 'x', displayName: 'x' }, { ztdid: randomUUID() }])
      expect(members(await precreate(token, broken)).ErrorType).toBe('InvalidParameter');
    const pc = await registeredMachine(cloud(), lab);
    await manager().update('entra_device', { deviceId: pc.deviceId }, { state: 'deleted' });
    const { deviceId } = members(await precreate(token, { ztdid: pc.ztdId, displayName: 'S1' }));
    expect(await manager().findOneByOrFail(AutopilotDevice, { ztdId: pc.ztdId })).toMatchObject({ entraDeviceId: deviceId });
  });

  it('02 12.4 a join with a challenge is a join', async () => {
    const challenge = await userToken(cloud(), lab);
    const answer = await cloud().request(`${DRS}/EnrollmentServer/device/precreate/${lab.tenant.id}/?api-version=2.0`, {
      method: 'POST',
      body: await joinBody(await newKeys(), { PreAuthorizedJoinChallenge: challenge }),
    });
    expect([answer.status, members(answer).User]).toEqual([200, { Upn: lab.user.upn }]);
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

describe('the directory’s own operations', () => {
  it('02 13.6 stale objects go on demand; those of Autopilot registrations stay', async () => {
    const own = await newTenant(cloud());
    const { device } = await joinedByUser(cloud(), own);
    const pc = await registeredMachine(cloud(), own);
    const remove = (before: Date) => removeStaleDevices(manager(), { ...change(), tenantId: own.tenant.id, before });
    expect(await remove(new Date(Date.now() - 86_400_000))).toEqual([]);
    expect(await remove(new Date(Date.now() + 86_400_000))).toEqual([device.objectId]);
    expect((await findDevice(cloud(), device.deviceId)).state).toBe('deleted');
    expect((await findDevice(cloud(), pc.deviceId)).state).toBe('precreated');
  });

  it('06 D-A40 enabling a pre-created object leaves it pre-created, and disabling it does not block its join', async () => {
    const pc = await registeredMachine(cloud(), lab);
    for (const enabled of [true, false]) {
      await setDeviceEnabled(manager(), await findDevice(cloud(), pc.deviceId), enabled, change());
      expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({
        state: 'precreated',
        accountEnabled: enabled,
        disabledBy: enabled ? null : 'import',
      });
    }
    expect((await postJoin(cloud(), await deviceToken(cloud(), lab, pc), await joinBody(await newKeys(), { JoinType: 11 }))).status).toBe(
      200,
    );
  });
});
