import { beforeAll, describe, expect, it } from '@jest/globals';
import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { generateKeyPair, type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { DeploymentEvent, openDeployment } from '@greenscreen/model/autopilot';
import { DeviceCertificate, DeviceUser, EntraDevice, setDeviceEnabled } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { encodeAttestationData } from '@greenscreen/wire/oauth';
import { createHash, randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import { AIK_EKU, aikCertificate, EK_VERIFIED } from '../../support/aik.js';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members } from '../sts/support.js';
import { certify, type Machine, mintTicket, registeredMachine } from '../sts/userless.support.js';
import {
  auditTrail,
  boundTo,
  certificateOf,
  csrOf,
  deviceToken,
  entra,
  findDevice,
  joinBody,
  newKeys,
  object,
  postJoin,
  userToken,
} from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
let transport: KeyPair;
beforeAll(async () => {
  lab = await newTenant(cloud());
  transport = await generateKeyPair('rsa2048');
});
const machine = () => registeredMachine(cloud(), lab);
const manager = () => cloud().context.dataSource.manager;
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

interface Change {
  readonly body?: Members;
  readonly claims?: Members;
  /** Attributes besides the two flags. */
  readonly attributes?: Members;
  /** What the AIK speaks for; the transport key unless given. */
  readonly certified?: KeyPair;
  /** Key of the certificate request; `dk` unless given. */
  readonly device?: KeyPair;
  readonly version?: string;
}

/** The join that the simulated device sends: token, ticket, AIK certificate and statement (06 D-A23). */
async function join(
  pc: Machine,
  { body = {}, claims = {}, attributes, certified = transport, device = pc.dk, version }: Change = {},
): Promise<TestResponse> {
  const csr = await csrOf(device);
  const statement = certify(certified, pc.aik, createHash('sha256').update(csr).digest());
  const text = await joinBody(
    { device, transport },
    {
      CertificateRequest: { Type: 'pkcs10', Data: csr.toString('base64') },
      JoinType: 11,
      AikCertificate: pc.aikCertificate.toString('base64'),
      AttestationData: encodeAttestationData(statement),
      attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', ...(attributes ?? { DDID: base64(await mintTicket(cloud(), pc)) }) },
      ...body,
    },
  );
  return postJoin(cloud(), await deviceToken(cloud(), lab, pc, { ...(await boundTo(pc.dk)), ...claims }), text, version);
}

describe('userless join', () => {
  it('02-29 05-12 05-13 enables the pre-created object under its own device id, without a user', async () => {
    const pc = await machine();
    const answer = await join(pc);
    expect(answer.status).toBe(200);
    expect(members(answer)).not.toHaveProperty('User');
    expect(members(answer).ResponseStatus).toEqual({
      message: `Successfully updated pre-created device with id ${pc.deviceId}.`,
      traceId: expect.any(String),
      time: expect.stringMatching(/^\d\d-\d\d-\d{4} \d{1,2}:\d\d:\d\dZ$/),
    });
    expect(members(answer).MembershipChanges).toEqual([
      {
        LocalSID: 'S-1-5-32-544',
        AddSIDs: [lab.tenant.globalAdministratorRoleId, lab.tenant.deviceAdministratorRoleId].map(sidOfObjectId),
      },
    ]);
    expect(readDeviceCertificate(certificateOf(answer))).toEqual({
      subject: pc.deviceId,
      deviceId: pc.deviceId,
      userObjectId: pc.deviceId,
      tenantId: lab.tenant.id,
      joined: true,
      region: 'EU',
    });
    expect(decodeCertificate(certificateOf(answer)).spki.equals(spkiOf(pc.dk.publicKey))).toBe(true);
    const device = await findDevice(cloud(), pc.deviceId);
    expect(device).toMatchObject({
      state: 'joined_device',
      accountEnabled: true,
      disabledBy: null,
      displayName: 'LAB-1',
      trustType: 'AzureAd',
      operatingSystem: 'Windows',
      attestation: { verified: true },
      physicalIds: [`[ZTDID]:${pc.ztdId}`, `[HWID]:h:${BigInt(`0x${pc.ddid}`)}`, `[GID]:g:${BigInt(`0x${pc.gdid}`)}`],
    });
    expect(await manager().countBy(DeviceUser, { objectId: device.objectId })).toBe(0);
    const rows = (await auditTrail(cloud(), lab)).filter(({ targetResources }) => targetResources[0]?.id === device.objectId);
    expect(rows.map((row) => [row.loggedByService, row.activityDisplayName, row.initiatedBy.kind])).toEqual([
      ['Device Registration Service', 'Register device', 'app'],
      ['Core Directory', 'Update device', 'app'],
    ]);
    expect(rows[1]?.targetResources[0]?.modifiedProperties).toContainEqual({
      displayName: 'AccountEnabled',
      oldValue: '[false]',
      newValue: '[true]',
    });
  });

  it('02-29 only the token is required; JoinType 0 will do', async () => {
    const pc = await machine();
    const body = await joinBody(await newKeys(), { JoinType: 0 });
    expect((await postJoin(cloud(), await deviceToken(cloud(), lab, pc), body)).status).toBe(200);
  });

  it('02-30 05-14 05-15 an object that is gone or has lost its ZTD id is not found, and none is made', async () => {
    const gone = await machine();
    await manager().update(EntraDevice, { deviceId: gone.deviceId }, { state: 'deleted' });
    const stale = await machine();
    await manager().update(EntraDevice, { deviceId: stale.deviceId }, { physicalIds: [`[ZTDID]:${randomUUID()}`] });
    const before = await manager().countBy(EntraDevice, { tenantId: lab.tenant.id });
    for (const pc of [gone, stale]) {
      const refused = await join(pc, { version: '2.0' });
      expect(refused.status).toBe(400);
      expect(members(refused)).toEqual({
        Code: 'AuthenticationError',
        Subcode: 'DeviceNotFound',
        Message: 'A device with the expected device identifiers was not found',
        TraceId: expect.any(String),
        Time: expect.stringMatching(/^\d\d-\d\d-\d{4} \d{1,2}:\d\d:\d\dZ$/),
      });
    }
    expect(await manager().countBy(EntraDevice, { tenantId: lab.tenant.id })).toBe(before);
    const last = (await auditTrail(cloud(), lab)).at(-1);
    expect(last).toMatchObject({ activityDisplayName: 'Register device', result: 'failure' });
    await manager().update(EntraDevice, { deviceId: stale.deviceId }, { physicalIds: [`[ZTDID]:${stale.ztdId}`] });
    expect((await join(stale)).status).toBe(200);
  });

  it('06 D-A27 two objects of one ZTD id are a directory error', async () => {
    const pc = await machine();
    const twin = randomUUID();
    const device = await findDevice(cloud(), pc.deviceId);
    await manager().insert(EntraDevice, { ...device, objectId: randomUUID(), deviceId: twin });
    expect(members(await join(pc))).toMatchObject({ Code: 'DirectoryError' });
    await manager().delete(EntraDevice, { deviceId: twin });
    expect((await join(pc)).status).toBe(200);
  });

  it('05-17 06 D-A28 a joined device joins again; one that an administrator disabled does not', async () => {
    const pc = await machine();
    const first = certificateOf(await join(pc));
    const second = await join(pc);
    expect(second.status).toBe(200);
    expect(readDeviceCertificate(certificateOf(second)).deviceId).toBe(pc.deviceId);
    const device = await findDevice(cloud(), pc.deviceId);
    const bound = await manager().findBy(DeviceCertificate, { objectId: device.objectId });
    expect(bound.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1);
    expect(bound.find(({ der }) => der.equals(first))?.replacedAt).not.toBeNull();
    const change = { random: cloud().context.random, at: new Date(), correlationId: randomUUID() };
    await setDeviceEnabled(manager(), device, false, change);
    const refused = await join(pc);
    expect([refused.status, members(refused).Code, members(refused).Subcode]).toEqual([400, 'AuthenticationError', 'DeviceDisabled']);
    await setDeviceEnabled(manager(), device, true, change);
    expect((await join(pc)).status).toBe(200);
  });

  it('06 D-A23 what a join sends besides its token has to be right', async () => {
    const stranger = await machine();
    const other = await generateKeyPair('rsa2048');
    const aik = (make: (pc: Machine) => Promise<Buffer>) => async (pc: Machine) => ({
      body: { AikCertificate: (await make(pc)).toString('base64') },
    });
    const ticket = (of: (pc: Machine) => Promise<string>) => async (pc: Machine) => ({ attributes: { DDID: base64(await of(pc)) } });
    const cases: [what: string, change: (pc: Machine) => Promise<Change>, status: number, code: string, subcode: string | undefined][] = [
      ['another key than the token’s', async () => ({ device: other }), 400, 'AuthenticationError', 'AttestationFailed'],
      [
        '05-9 an AIK without the policy',
        aik((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { extensions: [AIK_EKU] })),
        400,
        'AuthenticationError',
        'AikValidationFailed',
      ],
      [
        'an AIK without the purpose',
        aik((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { extensions: [EK_VERIFIED] })),
        400,
        'AuthenticationError',
        'AikValidationFailed',
      ],
      [
        'a revoked AIK',
        aik((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { revokedAt: new Date() })),
        400,
        'AuthenticationError',
        'AikValidationFailed',
      ],
      [
        'an AIK that nobody issued',
        aik((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { unknown: true })),
        400,
        'AuthenticationError',
        'AikValidationFailed',
      ],
      [
        'an expired AIK',
        aik((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { notAfter: new Date(Date.now() - 1000) })),
        400,
        'AuthenticationError',
        'AikExpired',
      ],
      ['a statement about another key', async () => ({ certified: other }), 400, 'AuthenticationError', 'AttestationFailed'],
      ['an unreadable statement', async () => ({ body: { AttestationData: 'AAAA' } }), 400, 'AuthenticationError', 'AttestationFailed'],
      ['a statement without an AIK', async () => ({ body: { AikCertificate: '' } }), 400, 'AuthenticationError', 'AttestationFailed'],
      ['an expired ticket', ticket((pc) => mintTicket(cloud(), pc, { exp: 1 })), 400, 'AuthenticationError', undefined],
      [
        'a damaged ticket',
        ticket(async (pc) => (await mintTicket(cloud(), pc)).replace(/\.[^.]{4}/, '.AAAA')),
        400,
        'AuthenticationError',
        'DeviceNotFound',
      ],
      [
        'a ticket for another service',
        ticket((pc) => mintTicket(cloud(), pc, { aud: 'example.com' })),
        400,
        'AuthenticationError',
        'DeviceNotFound',
      ],
      [
        'a ticket of another device',
        ticket(() => mintTicket(cloud(), stranger)),
        400,
        'AuthorizationError',
        'MsaTicketTpmValidationFailed',
      ],
      [
        'a ticket of an unattested TPM',
        ticket((pc) => mintTicket(cloud(), pc, { tks: 3 })),
        400,
        'AuthorizationError',
        'MsaTicketTpmValidationFailed',
      ],
      [
        '06 D-A32 an AIK of another EK',
        aik((pc) => aikCertificate(cloud(), pc.aik, stranger.ekHash)),
        401,
        'AuthenticationError',
        undefined,
      ],
      [
        '06 D-A32 a ticket of another EK',
        ticket((pc) => mintTicket(cloud(), pc, { ekh: stranger.ekHash })),
        401,
        'AuthenticationError',
        undefined,
      ],
    ];
    for (const [what, change, status, code, subcode] of cases) {
      const pc = await machine();
      const key = { ztdId: pc.ztdId, globalDeviceId: pc.gdid };
      await openDeployment(manager(), { ...key, id: randomUUID(), at: new Date() });
      const refused = await join(pc, await change(pc));
      expect([what, refused.status, members(refused).Code, members(refused).Subcode]).toEqual([what, status, code, subcode]);
      expect(Object.keys(members(refused)).filter((name) => name === 'ErrorType' || name === 'Certificate')).toEqual([]);
      expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'precreated', accountEnabled: false });
      expect([what, (await manager().findOneByOrFail(DeploymentEvent, key)).deploymentState]).toEqual([what, 'failure']);
      expect([what, (await join(pc)).status]).toEqual([what, 200]);
    }
  });

  it('two joins of one device at once leave one certificate that counts', async () => {
    const pc = await machine();
    const answers = await Promise.all([join(pc), join(pc), join(pc)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { objectId } = await findDevice(cloud(), pc.deviceId);
    expect(await manager().countBy(DeviceCertificate, { objectId, replacedAt: IsNull() })).toBe(1);
    expect(await manager().countBy(DeviceCertificate, { objectId })).toBe(3);
  });

  it('05-18 a request that cannot be read leaves the object as it was', async () => {
    const pc = await machine();
    const refused = await join(pc, { body: { CertificateRequest: { Type: 'pkcs10', Data: 'AAAA' } } });
    expect([refused.status, members(refused).Code]).toEqual([400, 'InvalidParameter']);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'precreated', transportKey: null });
    expect((await join(pc)).status).toBe(200);
  });

  it('05-16 an expired token or one for another service is refused without a Subcode', async () => {
    const pc = await machine();
    for (const claims of [{ exp: 1 }, { aud: 'https://enrollment.manage.microsoft.com/' }]) {
      const refused = await join(pc, { claims });
      expect(refused.status).toBe(400);
      expect(members(refused)).toMatchObject({ Code: 'AuthenticationError', Message: 'Invalid JWT token.' });
      expect(members(refused)).not.toHaveProperty('Subcode');
    }
    expect((await join(pc)).status).toBe(200);
  });

  it('05-40 device settings say nothing about a join without a user', async () => {
    const own = await newTenant(cloud());
    const pc = await registeredMachine(cloud(), own);
    await manager().update(
      Tenant,
      { id: own.tenant.id },
      { deviceSettings: { usersMayJoin: 'none', usersMayRegister: 'none', quota: 0, mfaForJoin: true } },
    );
    const body = await joinBody(await newKeys(), { JoinType: 11 });
    expect((await postJoin(cloud(), await deviceToken(cloud(), own, pc), body)).status).toBe(200);
    expect((await postJoin(cloud(), await userToken(cloud(), own), await joinBody(await newKeys()))).status).toBe(400);
  });
});

describe('user join with a device ticket', () => {
  const asUser = async (pc: Machine, ticket?: string, change: Members = {}) => {
    const attributes = { ReuseDevice: 'true', ReturnClientSid: 'true', 'MSA-DDID': base64(ticket ?? (await mintTicket(cloud(), pc))) };
    return postJoin(cloud(), await userToken(cloud(), lab), await joinBody(await newKeys(), { attributes, ...change }), '2.0');
  };

  it('02-31 05-38 takes the pre-created object and makes the user its owner', async () => {
    const pc = await machine();
    const answer = await asUser(pc);
    expect(answer.status).toBe(200);
    expect(members(answer).User).toEqual({ Upn: lab.user.upn });
    expect(object(members(answer).Certificate).Thumbprint).toMatch(/^[0-9A-F]{40}$/);
    const certificate = readDeviceCertificate(certificateOf(answer));
    expect([certificate.deviceId, certificate.userObjectId]).toEqual([pc.deviceId, lab.user.id]);
    const device = await findDevice(cloud(), pc.deviceId);
    expect(device.state).toBe('joined_user');
    expect(await manager().existsBy(DeviceUser, { objectId: device.objectId, userId: lab.user.id, relation: 'owner' })).toBe(true);
    const [hardware, installation] = [pc.ddid, pc.gdid].map((hex) => BigInt(`0x${hex}`));
    expect(device.physicalIds).toEqual([
      `[ZTDID]:${pc.ztdId}`,
      `[HWID]:h:${hardware}`,
      `[GID]:g:${installation}`,
      `[USER-HWID]:${lab.user.id}:${hardware}`,
      `[USER-GID]:${lab.user.id}:${installation}`,
    ]);
    // The ticket itself, not in base64, is read as well (06 D-A14).
    const plain = await mintTicket(cloud(), pc);
    expect((await asUser(pc, undefined, { attributes: { 'MSA-DDID': plain } })).status).toBe(200);
  });

  it('06 D-A25 tickets: expired, damaged, of nobody, of a registration whose object is gone', async () => {
    const pc = await machine();
    const expired = await asUser(pc, await mintTicket(cloud(), pc, { exp: 1 }));
    expect(members(expired)).toMatchObject({ Code: 'AuthenticationError', Message: 'Invalid device ticket.' });
    expect(members(expired)).not.toHaveProperty('Subcode');
    const damaged = await asUser(pc, 't=not-a-ticket&p=');
    expect(members(damaged)).toMatchObject({ Code: 'AuthenticationError', Subcode: 'DeviceNotFound' });
    // 05-39: a device that is not registered here gets an object of its own, recognisable by its hardware.
    const ddid = `0018${randomUUID().slice(0, 8).toUpperCase()}0000`;
    const answer = await asUser(pc, await mintTicket(cloud(), pc, { ddid, ekh: null }));
    expect(answer.status).toBe(200);
    const { deviceId } = readDeviceCertificate(certificateOf(answer));
    const fresh = await findDevice(cloud(), deviceId ?? '');
    expect(fresh.deviceId).not.toBe(pc.deviceId);
    expect(fresh.physicalIds[0]).toBe(`[HWID]:h:${BigInt(`0x${ddid}`)}`);
    await manager().update(EntraDevice, { deviceId: pc.deviceId }, { state: 'deleted' });
    expect(members(await asUser(pc))).toMatchObject({ Subcode: 'DeviceNotFound' });
  });

  it('05 102 the tenant may have a new object made where the old one was deleted', async () => {
    const own = await newTenant(cloud(), { 'drs.userJoinOnDeletedObject': 'create' });
    const pc = await registeredMachine(cloud(), own);
    await manager().update(EntraDevice, { deviceId: pc.deviceId }, { state: 'deleted' });
    const attributes = { 'MSA-DDID': base64(await mintTicket(cloud(), pc)) };
    const answer = await postJoin(cloud(), await userToken(cloud(), own), await joinBody(await newKeys(), { attributes }));
    expect(answer.status).toBe(200);
    const device = await findDevice(cloud(), readDeviceCertificate(certificateOf(answer)).deviceId ?? '');
    expect(device.physicalIds.some((id) => id.startsWith('[ZTDID]'))).toBe(false);
  });

  it('05-39 05 109 without the ticket a second object appears', async () => {
    const pc = await machine();
    await join(pc);
    const answer = await postJoin(cloud(), await userToken(cloud(), lab), await joinBody(await newKeys()));
    expect(answer.status).toBe(200);
    const { deviceId } = readDeviceCertificate(certificateOf(answer));
    expect(deviceId).not.toBe(pc.deviceId);
    expect((await findDevice(cloud(), deviceId ?? '')).physicalIds).toEqual([]);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'joined_device' });
  });
});
