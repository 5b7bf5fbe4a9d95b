import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createDeviceKeys,
  discoverRegistration,
  dsregStatus,
  findMdmApplications,
  hresultOfDrs,
  joinUser,
  joinUserless,
  registerHelloKey,
  type Registration,
  type RegistrationService,
  renderDsregStatus,
  unjoin,
} from '@greenscreen/device/join';
import {
  confirmForHello,
  requestDeviceToken,
  requestDeviceUserToken,
  requestDrsUserToken,
  signInUser,
  signInUserless,
} from '@greenscreen/device/token';
import { drsFaults } from '@greenscreen/drs';
import { EntraDevice, HelloKey } from '@greenscreen/model/directory';
import { MdmApplication } from '@greenscreen/model/tenancy';
import { decodeDrsError, encodeDrsError } from '@greenscreen/wire/drs';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { claims, ENROLLMENT } from '../sts/support.js';
import { type Machine, mintTicket, registeredMachine } from '../sts/userless.support.js';
import { entra, findDevice, userToken } from './support.js';
import { type Windows, windows } from './windows.support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const JOIN_INFO = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo';
const manager = () => cloud().context.dataSource.manager;

/** Discovery, keys, userless sign-in and join, as the technician's phase does them. */
async function joinAlone(pc: Machine, os: Windows): Promise<{ registration: Registration; service: RegistrationService; token: string }> {
  const { context, tpm } = os;
  const service = await discoverRegistration(context, lab.domain);
  const keys = await createDeviceKeys(context);
  const aik = tpm.load(pc.aik);
  const ticket = await mintTicket(cloud(), pc);
  const { accessToken: token, tenantId } = await signInUserless(context, {
    tokenEndpoint: service.tokenEndpoint,
    resource: service.joinResourceId,
    ticket,
    aikCertificate: pc.aikCertificate,
    key: { publicKey: keys.device.publicKey, signDigest: (digest) => tpm.sign(keys.device, digest) },
    attest: (qualifyingData) => tpm.certify(keys.device, aik, qualifyingData),
  });
  const registration = await joinUserless(context, {
    service,
    token,
    tenantId,
    domain: lab.domain,
    keys,
    computerName: 'LAB-12345',
    aik: { key: aik, certificate: pc.aikCertificate },
    ticket,
  });
  return { registration, service, token };
}

describe('dsreg of the simulated device', () => {
  it('05-37 05 T10 to T15: discovery, join without a user, MDM list, device token, local unjoin', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const os = windows(cloud());
    const { registration, service, token } = await joinAlone(pc, os);
    expect(registration).toMatchObject({
      joinType: 11,
      deviceId: pc.deviceId,
      tenantId: lab.tenant.id,
      userEmail: `autopilot@${lab.domain}`,
    });
    expect(os.ids()).toEqual([100, 101, 102, 103, 104, 105, 106, 111]);
    expect(os.events().find(({ id }) => id === 102)?.data).toMatchObject({
      JoinRequest: 11,
      JoinRequestName: 'DEVICE_AUTO_DDID',
      Domain: lab.domain,
    });
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({
      state: 'joined_device',
      displayName: 'LAB-12345',
      attestation: { verified: true },
    });
    const { registry, stores } = os.context;
    expect(registry.get(`${JOIN_INFO}\\${registration.certificate.thumbprint}`, 'UserEmail')).toBe(`autopilot@${lab.domain}`);
    const stub = `HKLM\\SOFTWARE\\Microsoft\\Enrollments\\${registration.enrollmentStub}`;
    expect([registry.get(stub, 'EnrollmentType'), registry.get(stub, 'UPN')]).toEqual([26, `fooUser@${lab.domain}`]);
    expect(stores.issuedBy('MS-Organization-Access')).toHaveLength(1);

    expect(await findMdmApplications(os.context, service, token)).toMatchObject({
      appId: '0000000a-0000-0000-c000-000000000000',
      enrollmentUrl: 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc',
    });
    const { keys, certificate } = registration;
    const credential = { certificate: certificate.der, signDigest: (digest: Buffer) => os.tpm.sign(keys.device, digest) };
    expect(await requestDeviceToken(os.context, { tokenEndpoint: service.tokenEndpoint, resource: ENROLLMENT, credential })).toMatchObject({
      deviceId: pc.deviceId,
      ztdId: pc.ztdId,
    });

    const before = await findDevice(cloud(), pc.deviceId);
    os.requests.length = 0;
    await unjoin(os.context, registration);
    expect(os.requests).toEqual([]);
    expect(os.ids().slice(-2)).toEqual([110, 111]);
    expect(stores.all()).toEqual([]);
    expect(registry.subkeys(JOIN_INFO)).toEqual([]);
    expect(registry.get(stub, 'EnrollmentType')).toBeUndefined();
    expect(os.tpm.handles).not.toContain(keys.device.handle);
    // 05-37: the directory sees nothing of it.
    expect(await findDevice(cloud(), pc.deviceId)).toEqual(before);
  });

  it('06 D-A37 with drs-delete the refused DELETE changes nothing about the local unjoin', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const os = windows(cloud(), 'drs-delete');
    const { registration } = await joinAlone(pc, os);
    await unjoin(os.context, registration);
    expect(os.requests.at(-1)).toBe('drs Unjoin');
    expect(os.context.stores.all()).toEqual([]);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'joined_device', accountEnabled: true });
    // A device without an Autopilot registration removes its object.
    const other = windows(cloud(), 'drs-delete');
    const mine = await joinWithUser(other);
    await unjoin(other.context, mine);
    expect(await findDevice(cloud(), mine.deviceId)).toMatchObject({ state: 'deleted' });
  });

  async function joinWithUser(os: Windows, ticket?: string, claims = {}): Promise<Registration> {
    return joinUser(os.context, {
      service: await discoverRegistration(os.context, lab.domain),
      token: await userToken(cloud(), lab, claims),
      tenantId: lab.tenant.id,
      domain: lab.domain,
      keys: await createDeviceKeys(os.context),
      computerName: 'LAB-12345',
      user: { upn: lab.user.upn },
      ticket,
    });
  }

  it('05 U5 the user’s join takes the same object; dsregcmd shows it', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const os = windows(cloud());
    const { registration: first } = await joinAlone(pc, os);
    await unjoin(os.context, first);
    expect(dsregStatus(os.context, undefined, { computerName: 'LAB-12345' })).toMatchObject({ AzureAdJoined: 'NO', AzureAdPrt: 'NO' });
    const second = await joinWithUser(os, await mintTicket(cloud(), pc));
    expect(second.deviceId).toBe(pc.deviceId);
    expect(os.context.registry.get(`${JOIN_INFO}\\${second.certificate.thumbprint}`, 'UserEmail')).toBe(lab.user.upn);
    const status = dsregStatus(os.context, second, { prt: { expiresAt: new Date(Date.now() + 1000) } });
    expect(status).toMatchObject({
      AzureAdJoined: 'YES',
      DeviceId: pc.deviceId,
      Thumbprint: second.certificate.thumbprint,
      TenantId: lab.tenant.id,
      TenantName: lab.domain,
      TpmProtected: 'YES',
      AzureAdPrt: 'YES',
    });
    const text = renderDsregStatus(status);
    expect(text).toContain(`                  DeviceId : ${pc.deviceId}`);
    expect(text.split('\n')[0]).toBe(`+${'-'.repeat(70)}+`);
    expect(text).toMatch(/\| Tenant Details {55}\|/);
  });

  it('05 T12 not exactly one MDM application is 0x81036501 with event 115', async () => {
    const own = await newTenant(cloud());
    const os = windows(cloud());
    const service = await discoverRegistration(os.context, own.domain);
    const token = await userToken(cloud(), own);
    expect((await findMdmApplications(os.context, service, token)).displayName).toBe('Microsoft Intune');
    const [first] = await manager().findBy(MdmApplication, { tenantId: own.tenant.id });
    if (!first) throw new Error('A tenant has Intune');
    await manager().insert(MdmApplication, {
      ...first,
      appId: 'd4ebce55-015a-49b5-a083-c84d1797ae8c',
      displayName: 'Microsoft Intune Enrollment',
    });
    await expect(findMdmApplications(os.context, service, token)).rejects.toMatchObject({ hresult: 0x81036501 });
    await manager().update(MdmApplication, { tenantId: own.tenant.id }, { scope: 'none' });
    await expect(findMdmApplications(os.context, service, token)).rejects.toMatchObject({ hresult: 0x81036501 });
    expect(
      os
        .events()
        .filter(({ id }) => id === 115)
        .map(({ data }) => data.Count),
    ).toEqual([2, 0]);
  });

  it('05 U10 a Hello key is registered, or event 301 says why not', async () => {
    const os = windows(cloud());
    const { service, deviceId } = await joinWithUser(os);
    const claims = { deviceid: deviceId, amr: ['pwd', 'rsa', 'ngcmfa'] };
    const hello = await registerHelloKey(os.context, { service, token: await userToken(cloud(), lab, claims) });
    expect(hello.upn).toBe(lab.user.upn);
    expect(await manager().findOneByOrFail(HelloKey, { id: hello.keyId })).toMatchObject({ userId: lab.user.id });
    expect(os.ids().slice(-2)).toEqual([358, 300]);
    const keys = os.tpm.handles.length;
    await expect(
      registerHelloKey(os.context, { service, token: await userToken(cloud(), lab, { deviceid: deviceId }) }),
    ).rejects.toMatchObject({
      hresult: 0x801c03ea,
    });
    expect(os.ids().slice(-2)).toEqual([358, 301]);
    expect(os.tpm.handles).toHaveLength(keys);
  });

  it('05 U10 the person confirms with a second factor, and the device adds its claim', async () => {
    const os = windows(cloud());
    const { service, deviceId, keys, certificate } = await joinWithUser(os);
    const person = { upn: lab.user.upn, password: lab.password };
    const signIn = await signInUser(os.context, person);
    const credential = { certificate: certificate.der, signDigest: (digest: Buffer) => os.tpm.sign(keys.device, digest) };
    const ask = (refreshToken: string) =>
      requestDeviceUserToken(os.context, {
        tokenEndpoint: service.tokenEndpoint,
        credential,
        refreshToken,
        resource: service.keyResourceId,
      });
    const weak = await ask((await requestDrsUserToken(os.context, signIn)).refreshToken ?? '');
    await expect(registerHelloKey(os.context, { service, token: weak })).rejects.toMatchObject({ hresult: 0x801c03ea });
    await expect(confirmForHello(os.context, signIn, { ...person, password: 'wrong' }, service.keyResourceId)).rejects.toMatchObject({
      code: 50126,
    });
    const token = await ask(await confirmForHello(os.context, signIn, person, service.keyResourceId));
    expect(claims(token)).toMatchObject({ deviceid: deviceId, amr: expect.arrayContaining(['ngcmfa', 'rsa']) });
    expect((await registerHelloKey(os.context, { service, token })).upn).toBe(lab.user.upn);
  });

  it('06 D-A30 what Windows shows for each refusal of the service', () => {
    for (const [code, row] of Object.entries(drsFaults)) {
      if (code === 'drs.TenantNotFound') continue;
      const body = encodeDrsError({ code: row.code, subcode: row.subcode, message: '', traceId: '', time: new Date() }, 'coded');
      expect([code, hresultOfDrs(row.status, decodeDrsError(body)).toString(16)]).toEqual([code, row.hresult?.slice(2)]);
    }
    expect(hresultOfDrs(400, undefined)).toBe(0x801c03eb);
    expect(hresultOfDrs(429, undefined)).toBe(0x801c03eb);
    expect(hresultOfDrs(400, { code: 'AuthenticationError', subcode: 'Something', message: '' })).toBe(0x801c0002);
  });

  it('05 B.1 and B.4 failures of discovery and join, with their events', async () => {
    const cases: [answer: Parameters<Windows['answerNext']>[0], hresult: number, events: number[]][] = [
      [{ hresult: 0x80072ee7 }, 0x80072ee7, [226, 200]],
      [{ hresult: 0x80072f8f }, 0x80072f8f, [231, 201]],
      [{ hresult: 0x80072ee2 }, 0x80072ee2, [233, 201]],
      [{ status: 200, body: '<html>sign in to the network</html>' }, 0x8007000d, [100, 201]],
      [{ status: 503, body: '' }, 0x801c0025, [100, 201]],
      [{ status: 200, body: '{"DeviceJoinService":{}}' }, 0x801c0001, [100, 201]],
    ];
    for (const [answer, hresult, events] of cases) {
      const os = windows(cloud());
      os.answerNext(answer);
      await expect(discoverRegistration(os.context, lab.domain)).rejects.toMatchObject({ hresult });
      expect(os.ids()).toEqual(events);
    }
    const unknown = windows(cloud());
    await expect(discoverRegistration(unknown.context, 'nope.example')).rejects.toMatchObject({ hresult: 0x801c003a });

    const join = async (answer: Parameters<Windows['answerNext']>[0]) => {
      const os = windows(cloud());
      const service = await discoverRegistration(os.context, lab.domain);
      const keys = await createDeviceKeys(os.context);
      os.answerNext(answer);
      const input = {
        service,
        token: 't',
        tenantId: lab.tenant.id,
        domain: lab.domain,
        keys,
        computerName: 'L',
        user: { upn: lab.user.upn },
      };
      const failure: unknown = await joinUser(os.context, input).catch((error: unknown) => error);
      expect(os.tpm.handles).toEqual([]);
      expect(os.context.stores.all()).toEqual([]);
      return { failure, ids: os.ids().slice(2) };
    };
    const body = (Code: string, Subcode?: string) => ({ status: 400, body: JSON.stringify({ Code, Subcode, Message: 'm' }) });
    const certificate = (RawBody: string) => ({ status: 200, body: JSON.stringify({ Certificate: { Thumbprint: 'AA', RawBody } }) });
    const foreign = (await joinWithUser(windows(cloud()))).certificate.der.toString('base64');
    for (const [answer, hresult, events] of [
      [body('AuthenticationError', 'DeviceNotFound'), 0x801c03f3, [102, 103, 204]],
      [body('DirectoryError'), 0x801c03f2, [102, 103, 204]],
      [{ status: 401, body: '' }, 0x801c03ea, [102, 103, 204]],
      [{ status: 500, body: '' }, 0x801c03ec, [102, 103, 204]],
      [{ status: 200, body: '{}' }, 0x801c0001, [102, 103, 204]],
      [{ hresult: 0x80072ee2 }, 0x80072ee2, [102, 233, 204]],
      [certificate('MIID'), 0x801c0004, [102, 103, 104, 237, 205]],
      [certificate(foreign), 0x801c0004, [102, 103, 104, 238, 205]],
    ] as const) {
      const { failure, ids } = await join(answer);
      expect([failure, ids]).toEqual([expect.objectContaining({ hresult }), events]);
    }
  });

  it('05-14 0x801c03f3 end to end: the object was deleted', async () => {
    const pc = await registeredMachine(cloud(), lab);
    await manager().update(EntraDevice, { deviceId: pc.deviceId }, { state: 'deleted' });
    await expect(joinAlone(pc, windows(cloud()))).rejects.toMatchObject({ hresult: 0x801c03f3 });
  });
});
