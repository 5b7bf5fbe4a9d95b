import { beforeAll, describe, expect, it } from '@jest/globals';
import { deviceOids, readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { generateKeyPair, rsaNumbers } from '@greenscreen/crypto/keys';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { decodeCertificate, extendedKeyUsages } from '@greenscreen/crypto/x509';
import { msOrganizationAccess } from '@greenscreen/host/authority/definitions';
import { DeviceUser, EntraDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { createHash } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members } from '../sts/support.js';
import {
  auditTrail,
  certificateOf,
  csrOf,
  deviceOfCertificate,
  deviceToken,
  DRS,
  entra,
  joinBody,
  joinedByUser,
  type JoinKeys,
  keyBlob,
  newKeys,
  object,
  postJoin,
  userToken,
} from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
let keys: JoinKeys;
beforeAll(async () => {
  lab = await newTenant(cloud());
  keys = await newKeys();
});

const join = async (change: Members = {}, claims: Members = {}, version = '1.0'): Promise<TestResponse> =>
  postJoin(cloud(), await userToken(cloud(), lab, claims), await joinBody(keys, change), version);
const settings = (deviceSettings: Partial<Tenant['deviceSettings']>, { tenant }: TestTenant) =>
  cloud().context.dataSource.manager.update(Tenant, { id: tenant.id }, { deviceSettings: { ...tenant.deviceSettings, ...deviceSettings } });

describe('join with a user token', () => {
  it('02-24 attributes in either spelling and as text or boolean; thumbprint, user and three SIDs', async () => {
    for (const [name, value] of [
      ['attributes', 'true'],
      ['Attributes', 'True'],
      ['attributes', true],
    ] as const) {
      const body = object(JSON.parse(await joinBody(await newKeys(), { attributes: undefined })));
      const answer = await postJoin(
        cloud(),
        await userToken(cloud(), lab),
        JSON.stringify({ ...body, [name]: { ReuseDevice: value, ReturnClientSid: value } }),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      const { Certificate, User, MembershipChanges } = members(answer);
      expect(object(Certificate).Thumbprint).toBe(createHash('sha1').update(certificateOf(answer)).digest('hex').toUpperCase());
      expect(User).toEqual({ Upn: lab.user.upn });
      expect(members(answer)).not.toHaveProperty('ResponseStatus');
      expect(MembershipChanges).toEqual([
        {
          LocalSID: 'S-1-5-32-544',
          AddSIDs: [lab.user.id, lab.tenant.globalAdministratorRoleId, lab.tenant.deviceAdministratorRoleId].map(sidOfObjectId),
        },
      ]);
    }
    const without = members(await join({ attributes: {} }));
    expect(without).not.toHaveProperty('MembershipChanges');
    const registered = members(await join({ JoinType: 4, attributes: { ReturnClientSid: 'true' } }));
    expect(registered.MembershipChanges).toEqual([]);
  });

  it('02-25 the certificate is the one of reference 02, 11.1', async () => {
    const before = Date.now();
    const { certificate: der, device } = await joinedByUser(cloud(), lab);
    const certificate = decodeCertificate(der);
    expect(certificate.issuer.raw.toString('hex')).toBe(
      '307831763011060a0992268993f22c64011916036e65743015060a0992268993f22c640119160777696e646f7773301d060355040313164d532d4f7267616e697a6174696f6e2d416363657373302b060355040b132438326462616361342d336538312d343663612d396337332d303935306331656163613937',
    );
    const name = Buffer.from(device.deviceId, 'ascii').toString('hex');
    expect(certificate.subject.raw.toString('hex')).toBe(`302f312d302b06035504031324${name}`);
    const { certificate: authority } = await cloud().context.authorities.get(msOrganizationAccess);
    expect(certificate.x509.verify(decodeCertificate(authority).publicKey)).toBe(true);
    expect(decodeCertificate(authority).subject.raw.equals(certificate.issuer.raw)).toBe(true);
    expect(Math.abs(certificate.notBefore.getTime() - (before - 30 * 60_000))).toBeLessThan(10_000);
    const tenYears = new Date(certificate.notBefore.getTime() + 30 * 60_000);
    tenYears.setUTCFullYear(tenYears.getUTCFullYear() + 10);
    expect(certificate.notAfter).toEqual(tenYears);
    expect(extendedKeyUsages(certificate)).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.extensions.get('2.5.29.37')?.critical).toBe(true);
    expect(certificate.extensions.get('2.5.29.19')).toEqual({ critical: true, value: Buffer.from('3000', 'hex') });
    const value = (oid: string) => certificate.extensions.get(oid)?.value.toString('hex');
    for (const oid of [deviceOids.deviceId, deviceOids.userObjectId, deviceOids.tenantId])
      expect(value(oid)).toMatch(/^048110[0-9a-f]{32}$/);
    expect(value(deviceOids.joinKind)).toBe('04810131');
    expect(value(deviceOids.region)).toBe('0481024555');
    expect([...certificate.extensions.keys()]).toEqual([
      '2.5.29.19',
      '2.5.29.37',
      ...[2, 3, 5, 7, 8].map((n) => `1.2.840.113556.1.5.284.${n}`),
    ]);
    expect(readDeviceCertificate(der)).toEqual({
      subject: device.deviceId,
      deviceId: device.deviceId,
      userObjectId: lab.user.id,
      tenantId: lab.tenant.id,
      joined: true,
      region: 'EU',
    });
    const registered = await joinedByUser(cloud(), lab, { JoinType: 4 });
    expect(readDeviceCertificate(registered.certificate).joined).toBe(false);
    expect(registered.device.trustType).toBe('Workplace');
  });

  it('02-26 the certificate request: a trailing NUL is fine, another subject, a broken signature or a short key is not', async () => {
    const request = async (der: Buffer) => join({ CertificateRequest: { Type: 'pkcs10', Data: der.toString('base64') } });
    const nul = await csrOf(keys.device, '7e980ad9-b86d-4306-9425-9ac066fb014a\0');
    expect((await request(nul)).status).toBe(200);
    const broken = Buffer.from(nul);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const small = await generateKeyPair('rsa1024');
    for (const der of [await csrOf(keys.device, 'somebody else'), broken, await csrOf(small), Buffer.from('3000', 'hex')]) {
      const refused = await request(der);
      expect([refused.status, members(refused).ErrorType, members(refused).Message]).toEqual([
        400,
        'InvalidParameter',
        'The parameter CertificateRequest is missing or not valid.',
      ]);
      expect(members(refused)).not.toHaveProperty('Certificate');
    }
  });

  it('02-27 the transport key: blob and JWK are read, anything else is refused', async () => {
    const good = Buffer.from(keyBlob(keys.transport), 'base64');
    const changed = (at: number, value: number): string => {
      const copy = Buffer.from(good);
      copy[at] = value;
      return copy.toString('base64');
    };
    expect(good.toString('base64')).toMatch(/^UlNBMQAIAAADAAAAAAEAAAAAAAAAAAAAAQAB/);
    expect(good.toString('base64')).toHaveLength(380);
    const { modulus } = rsaNumbers(keys.transport.publicKey);
    const jwk = { kty: 'RSA', e: 'AQAB', n: modulus.toString('base64'), alg: 'RS256', kid: 'A' };
    const encoded = Buffer.from(JSON.stringify(jwk)).toString('base64');
    const answer = await join({ TransportKey: encoded });
    expect(answer.status).toBe(200);
    expect((await deviceOfCertificate(cloud(), certificateOf(answer))).transportKey).toBe(encoded);
    for (const key of [
      changed(3, 0x32),
      changed(4, 1),
      changed(13, 0),
      changed(16, 1),
      good.subarray(1).toString('base64'),
      good.subarray(0, -1).toString('base64'),
      'not base64!',
      undefined,
      Buffer.from('{"kty":"EC"}').toString('base64'),
    ]) {
      const refused = await join({ TransportKey: key });
      expect([refused.status, members(refused).ErrorType]).toEqual([400, 'InvalidParameter']);
      expect(members(refused)).not.toHaveProperty('Certificate');
    }
  });

  it('02-28 tokens: only a missing header is 401, everything else reads Invalid JWT token', async () => {
    const at = Math.floor(Date.now() / 1000);
    const body = await joinBody(keys);
    const missing = await postJoin(cloud(), undefined, body);
    expect([missing.status, members(missing).ErrorType]).toEqual([401, 'AuthenticationError']);
    const guid = await join({}, { aud: '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9' });
    expect(guid.status).toBe(200);
    const foreign = await newTenant(cloud());
    const tokens = [
      await userToken(cloud(), lab, { appid: lab.clientId, appidacr: '1' }),
      await userToken(cloud(), lab, { exp: at - 10 }),
      await userToken(cloud(), lab, { nbf: at + 600 }),
      await userToken(cloud(), lab, { aud: 'https://graph.microsoft.com' }),
      await userToken(cloud(), lab, { iss: `https://sts.windows.net/${foreign.tenant.id}/` }),
      await userToken(cloud(), lab, { idtyp: 'app' }),
      await userToken(cloud(), lab, {
        tid: '11111111-1111-1111-1111-111111111111',
        iss: 'https://sts.windows.net/11111111-1111-1111-1111-111111111111/',
      }),
      `${await userToken(cloud(), lab)}x`,
      'nonsense',
    ];
    for (const token of tokens) {
      const refused = await postJoin(cloud(), token, body);
      expect([refused.status, members(refused).ErrorType, members(refused).Message]).toEqual([
        400,
        'AuthenticationError',
        'Invalid JWT token.',
      ]);
      expect(members(refused)).not.toHaveProperty('Subcode');
    }
  });

  it('02 10.3 join types fit the token: 11 needs a device, 3 and 6 are nobody’s', async () => {
    for (const JoinType of [3, 6, 11, 'x', undefined]) {
      const refused = await join({ JoinType });
      expect([refused.status, members(refused).Message]).toEqual([400, 'The parameter JoinType is missing or not valid.']);
    }
    for (const JoinType of ['0', 8]) expect((await join({ JoinType })).status).toBe(200);
    const device = await deviceToken(cloud(), lab, { deviceId: lab.user.id, ztdId: lab.user.id });
    const refused = await postJoin(cloud(), device, await joinBody(keys, { JoinType: 4 }));
    expect(members(refused)).toMatchObject({ Code: 'InvalidParameter' });
  });

  it('02 10.5 what the object becomes, and when an existing one is used again', async () => {
    const own = await newTenant(cloud());
    const mine = await newKeys();
    const token = await userToken(cloud(), own);
    const first = await deviceOfCertificate(cloud(), certificateOf(await postJoin(cloud(), token, await joinBody(mine))));
    expect(first).toMatchObject({
      state: 'joined_user',
      accountEnabled: true,
      disabledBy: null,
      displayName: 'LAB-1',
      operatingSystem: 'Windows',
      operatingSystemVersion: '10.0.26100.2454',
      trustType: 'AzureAd',
      profileType: 'RegisteredDevice',
      physicalIds: [],
      transportKey: keyBlob(mine.transport),
      isManaged: null,
      isCompliant: null,
    });
    const links = await cloud().context.dataSource.manager.findBy(DeviceUser, { objectId: first.objectId });
    expect(links.map(({ userId, relation }) => [userId, relation]).sort()).toEqual([
      [own.user.id, 'owner'],
      [own.user.id, 'user'],
    ]);
    const deviceIdOf = async (body: string, claims: Members = {}) =>
      readDeviceCertificate(certificateOf(await postJoin(cloud(), await userToken(cloud(), own, claims), body))).deviceId;
    // The same key selects the object, the token's device claim does, and without ReuseDevice neither.
    expect(await deviceIdOf(await joinBody(mine, { attributes: { ReuseDevice: 'True', SharedDevice: 'True' } }))).toBe(first.deviceId);
    expect(await deviceIdOf(await joinBody(await newKeys()), { deviceid: first.deviceId })).toBe(first.deviceId);
    expect(await deviceIdOf(await joinBody(mine, { attributes: { ReuseDevice: 'False' } }))).not.toBe(first.deviceId);
    const shared = await cloud().context.dataSource.manager.findOneByOrFail(EntraDevice, { deviceId: first.deviceId });
    expect(shared.profileType).toBe('Shared');
  });

  it('02-33 the device limit counts owned objects, not the administrator’s and not the same one again', async () => {
    const own = await newTenant(cloud());
    await settings({ quota: 1 }, own);
    const first = await joinedByUser(cloud(), own);
    const post = async (of: JoinKeys, admin = false) =>
      postJoin(cloud(), await userToken(cloud(), own, {}, admin ? own.admin : own.user), await joinBody(of), '2.0');
    const refused = await post(await newKeys());
    expect(refused.status).toBe(400);
    expect(members(refused)).toMatchObject({
      ErrorType: 'AuthorizationError',
      Code: 'AuthorizationError',
      Subcode: 'DeviceQuotaExceeded',
      Message: `User '${own.user.id}' is not eligible to enroll a device of type 'Windows'. Reason 'DeviceCapReached'.`,
    });
    expect((await post(first.keys)).status).toBe(200);
    expect((await post(await newKeys(), true)).status).toBe(200);
    expect((await post(await newKeys(), true)).status).toBe(200);
    // Of joins at once none sees a free place that another takes.
    await settings({ quota: 3 }, own);
    const several = await Promise.all([1, 2, 3, 4].map(async () => post(await newKeys())));
    expect(several.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400]);
    await settings({ quota: -1 }, own);
    expect((await post(await newKeys())).status).toBe(200);
  });

  it('05-40 device settings: who may join, and with how many factors', async () => {
    const own = await newTenant(cloud());
    const post = async (claims: Members = {}, change: Members = {}) =>
      postJoin(cloud(), await userToken(cloud(), own, claims), await joinBody(keys, change));
    await settings({ usersMayJoin: [own.admin.id] }, own);
    expect(members(await post())).toMatchObject({
      ErrorType: 'AuthorizationError',
      Message: 'The user is not allowed to perform this enrollment.',
    });
    await settings({ usersMayJoin: [own.user.id] }, own);
    expect((await post()).status).toBe(200);
    await settings({ usersMayRegister: 'none' }, own);
    expect(members(await post({}, { JoinType: 4 })).Message).toBe('The enrollment request type (Workplace) is not allowed.');
    expect((await post()).status).toBe(200);
    await settings({ mfaForJoin: true }, own);
    expect(members(await post())).toMatchObject({ ErrorType: 'AuthenticationError', Message: 'Multi-factor authentication is required.' });
    expect((await post({ amr: ['pwd', 'mfa'] })).status).toBe(200);
  });

  it('02-37 ids come back, and a refusal carries the client’s', async () => {
    const id = '9d3f6a52-0f7c-4d57-9b61-5d1a64c0f2aa';
    const headers = { 'client-request-id': id, 'return-client-request-id': 'true' };
    const refused = await postJoin(cloud(), 'nonsense', await joinBody(keys), '1.0', headers);
    expect(refused.headers['client-request-id']).toBe(id);
    expect(members(refused)).toMatchObject({ TraceId: id, Time: expect.stringMatching(/^\d\d-\d\d-\d{4} \d{1,2}:\d\d:\d\dZ$/) });
    const good = await postJoin(cloud(), await userToken(cloud(), lab), await joinBody(keys), '1.0', headers);
    expect([good.status, good.headers['client-request-id']]).toEqual([200, id]);
  });

  it('06 D-A33 version 1.0 answers in ErrorDetails, later ones in both shapes; an unserved version is refused', async () => {
    expect(Object.keys(members(await join({ JoinType: 11 }))).sort()).toEqual(['ErrorType', 'Message', 'Time', 'TraceId']);
    expect(Object.keys(members(await join({ JoinType: 11 }, {}, '2.0'))).sort()).toEqual([
      'Code',
      'ErrorType',
      'Message',
      'Time',
      'TraceId',
    ]);
    expect(members(await join({}, {}, '9.0')).Message).toBe('The parameter api-version is missing or not valid.');
    expect((await join({}, {}, '3.0%20')).status).toBe(200);
    const broken = await postJoin(cloud(), await userToken(cloud(), lab), '{');
    expect([broken.status, members(broken).ErrorType]).toEqual([400, 'InvalidParameter']);
  });

  it('02-39 a join writes its rows in order, and a refused one a failure', async () => {
    const own = await newTenant(cloud());
    const { device, keys: same } = await joinedByUser(cloud(), own);
    expect((await auditTrail(cloud(), own)).map((row) => [row.loggedByService, row.activityDisplayName, row.initiatedBy.kind])).toEqual([
      ['Device Registration Service', 'Register device', 'user'],
      ['Device Registration Service', 'User Device Association', 'user'],
      ['Core Directory', 'Add device', 'app'],
      ['Core Directory', 'Add registered owner to device', 'app'],
      ['Core Directory', 'Add registered users to device', 'app'],
    ]);
    await settings({ usersMayJoin: 'none' }, own);
    await postJoin(cloud(), await userToken(cloud(), own), await joinBody(same));
    const last = (await auditTrail(cloud(), own)).at(-1);
    expect(last).toMatchObject({
      activityDisplayName: 'Register device',
      result: 'failure',
      resultReason: 'The user is not allowed to perform this enrollment.',
    });
    expect((await auditTrail(cloud(), own))[0]?.targetResources[0]?.id).toBe(device.objectId);
  });

  it('02 section 1 the path is case-insensitive and the slash optional', async () => {
    const answer = await cloud().request(`${DRS}/enrollmentserver/Device?api-version=1.0`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await userToken(cloud(), lab)}` },
      body: await joinBody(keys),
    });
    expect(answer.status).toBe(200);
  });
});
