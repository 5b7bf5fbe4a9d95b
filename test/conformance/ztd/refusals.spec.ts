import { beforeAll, describe, expect, it } from '@jest/globals';
import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { msaTicket, stsSigning } from '@greenscreen/host/authority/definitions';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { encodeRemediationData, encodeRemediationRequest } from '@greenscreen/wire/ztd';
import { ztd } from '@greenscreen/ztd';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  withShape,
  askForProfile,
  getProfile,
  hashOf,
  type Machine,
  membersOf,
  mintTicket,
  newMachine,
  prepareKeys,
  PROFILE_URL,
  register,
  registrationOf,
  REMEDIATION_URL,
  setSwitches,
  withFault,
} from './support.js';

prepareKeys(8);
const cloud = useCloud(ztd);
let lab: TestTenant;
let machine: Machine;
beforeAll(async () => {
  lab = await newTenant(cloud());
  machine = await newMachine();
  await register(cloud(), lab, machine);
});

const em = () => cloud().context.dataSource.manager;
const HOUR = 3_600_000;
const minutes = (value: number): Date => new Date(Date.now() + value * 60_000);

describe('refusals', () => {
  it('01-43 05-6 without a ticket, with a damaged, an expired, or a foreign one: 401 and no profile', async () => {
    const ticket = await mintTicket(cloud(), machine);
    const [header, payload = '', signature] = ticket.split('.');
    const { authorities } = cloud().context;
    const { privateKey: tokenKey } = await authorities.get(stsSigning);
    const known = { alg: 'ES256', kid: certificateKeyId((await authorities.get(msaTicket)).certificate) } as const;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const tickets = [
      undefined,
      'nonsense',
      [header, Buffer.from('{}').toString('base64url'), signature].join('.'),
      `${header}.${payload}.AAAA`,
      await mintTicket(cloud(), machine, { exp: Math.floor(minutes(-1).getTime() / 1000) }),
      await mintTicket(cloud(), machine, { aud: 'enterpriseregistration.windows.net' }),
      // Another key set: a stranger's, under the known name; none at all; the one of the token service, which signs with RSA.
      await signJwt(claims, { ...known, privateKey: (await generateKeyPair('ec-p256')).privateKey }),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      await signJwt(claims, { alg: 'RS256', kid: known.kid, privateKey: tokenKey }),
    ];
    for (const deviceToken of tickets) {
      const response = await getProfile(cloud(), { ...(deviceToken === undefined ? {} : { deviceToken }), hardwareHash: machine.hash });
      expect(response.status).toBe(401);
      expect(response.text()).toBe('{"Message":"Unauthorized"}');
      expect(response.headers.date).toBeDefined();
    }
    expect((await getProfile(cloud(), { deviceToken: `${ticket}&p=` })).status).toBe(200);
  });

  it('01-43 dates a ticket by the clock of the tenant', async () => {
    const later = await newTenant(cloud());
    const device = await newMachine();
    await register(cloud(), later, device);
    const deviceToken = await mintTicket(cloud(), device);
    expect((await getProfile(cloud(), { deviceToken })).status).toBe(200);
    await cloud().context.clock.advance(later.tenant.id, 25 * HOUR);
    expect((await getProfile(cloud(), { deviceToken })).status).toBe(401);
  });

  it('01-44 05-5 an unregistered device: 807 in an object with 200', async () => {
    const nobody = await newMachine();
    const response = await askForProfile(cloud(), nobody);
    expect(response.status).toBe(200);
    expect(membersOf(response)).toEqual({
      ErrorCode: 807,
      ErrorReason: 'ZtdDeviceIsNotRegistered',
      AutopilotServiceCorrelationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(response.headers['ms-cv']).toBe('W1D16N3gSUORhUV2.0.1');
  });

  it('01-44 an unregistered device in shape B, where the installation says so: 404 and a Message of JSON', async () => {
    const nobody = await newMachine();
    for (const shape of ['Bstr', 'Bobj'])
      await withShape(shape, async (other) => {
        const response = await askForProfile(other, nobody);
        expect(response.status).toBe(404);
        const { Message: message } = membersOf(response);
        const inner: unknown = typeof message === 'string' ? JSON.parse(message) : message;
        expect(typeof message).toBe(shape === 'Bstr' ? 'string' : 'object');
        expect(inner).toEqual({ ErrorMessage: 'ZtdDeviceIsNotRegistered', ErrorCodeNumber: 807 });
      });
  });

  it('01-45 05-5 a registration without a profile: 815; with one that was deleted: 809', async () => {
    const device = await newMachine();
    const { ztdId } = await register(cloud(), lab, device);
    expect(membersOf(await askForProfile(cloud(), device))).not.toHaveProperty('ErrorCode');
    await em().update(AutopilotDevice, { ztdId }, { profileId: null });
    expect(membersOf(await askForProfile(cloud(), device))).toMatchObject({ ErrorCode: 815, ErrorReason: 'ZtdDeviceHasNoAssignedProfile' });
    await em().update(AutopilotDevice, { ztdId }, { profileId: randomUUID() });
    expect(membersOf(await askForProfile(cloud(), device))).toMatchObject({ ErrorCode: 809 });
    expect((await registrationOf(cloud(), ztdId)).lastContactedAt).not.toBeNull();
  });

  it('01-46 05-5 the ticket of one device with the hash of another: 908, and nothing of the profile', async () => {
    const device = await newMachine();
    const { ztdId } = await register(cloud(), lab, device);
    const foreign = hashOf(await newMachine(), { serial: device.facts.serial });
    for (const hardwareHash of [foreign, hashOf(device, { serial: 'OTHER' })]) {
      const response = await askForProfile(cloud(), device, { hardwareHash });
      expect(membersOf(response)).toMatchObject({ ErrorCode: 908, ErrorReason: 'SerialNumberMismatch' });
      expect(response.text()).not.toContain(lab.tenant.id);
    }
    const after = await registrationOf(cloud(), ztdId);
    expect(after).toMatchObject({ remediationState: 'automaticRemediationRequired', firstContactedAt: null });
    expect(await askForProfile(cloud(), device)).toMatchObject({ status: 200 });
  });

  it('01-46 another product key, where both sides have one: 908 ProductKeyIdMismatch', async () => {
    const device = await newMachine({ productKeyId: '1111111111111' });
    await register(cloud(), lab, device);
    expect(membersOf(await askForProfile(cloud(), device))).not.toHaveProperty('ErrorCode');
    const other = await askForProfile(cloud(), device, { hardwareHash: hashOf(device, { productKeyId: '2222222222222' }) });
    expect(membersOf(other)).toMatchObject({ ErrorCode: 908, ErrorReason: 'ProductKeyIdMismatch' });
  });

  it('a new board with the names of a registered machine: 908; with names of its own: 807 (06 D-A63)', async () => {
    const device = await newMachine();
    const { ztdId } = await register(cloud(), lab, device);
    const { serial, smbiosUuid } = device.facts;
    const rewritten = await newMachine({ serial, smbiosUuid });
    expect(membersOf(await askForProfile(cloud(), rewritten))).toMatchObject({ ErrorCode: 908 });
    expect((await registrationOf(cloud(), ztdId)).remediationState).toBe('automaticRemediationRequired');
    const namesake = await newMachine({ serial });
    expect(membersOf(await askForProfile(cloud(), namesake))).toMatchObject({ ErrorCode: 807 });
  });

  it('a hash that cannot be read: 802 with 400, in shape B always', async () => {
    for (const hardwareHash of ['T0Hj', Buffer.from('no hash').toString('base64'), '%%%']) {
      const response = await askForProfile(cloud(), machine, { hardwareHash });
      expect(response.status).toBe(400);
      expect(JSON.parse(String(membersOf(response).Message))).toEqual({ ErrorMessage: 'InvalidZtdHardwareHash', ErrorCodeNumber: 802 });
    }
  });

  it('a text with a NUL in the hash, which no database takes, is one that ends there', async () => {
    const device = await newMachine();
    await register(cloud(), lab, device);
    const { serial, smbiosUuid } = device.facts;
    expect(
      membersOf(await askForProfile(cloud(), device, { hardwareHash: hashOf(device, { serial: `${serial}\0x` }) })),
    ).not.toHaveProperty('ErrorCode');
    const stranger = await newMachine({ serial: `A\0${serial}`, smbiosUuid });
    expect(membersOf(await askForProfile(cloud(), stranger))).toMatchObject({ ErrorCode: 807 });
  });

  it('other methods: 405; other paths, and the root that diagnostics probe: 404 with a body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await cloud().request(PROFILE_URL, { method })).status).toBe(405);
    for (const url of ['https://ztd.dds.microsoft.com/', 'https://cs.dds.microsoft.com/', 'https://ztd.dds.microsoft.com/a/b']) {
      const response = await cloud().request(url);
      expect(response.status).toBe(404);
      expect(response.text()).toBe('{"Message":"Not Found"}');
    }
  });

  it('an injected code looks like the real refusal', async () => {
    const fault = (code: string) => ({
      service: 'ztd',
      operation: 'GetProfile',
      match: { serial: machine.facts.serial },
      action: { respond: { code } },
    });
    await withFault(cloud(), fault('ztd.807'), async () => {
      const injected = membersOf(await askForProfile(cloud(), machine));
      const real = membersOf(await askForProfile(cloud(), await newMachine()));
      expect({ ...injected, AutopilotServiceCorrelationId: '' }).toEqual({ ...real, AutopilotServiceCorrelationId: '' });
    });
    await withFault(cloud(), fault('ztd.503'), async () => {
      expect((await askForProfile(cloud(), machine)).status).toBe(503);
    });
    await withFault(cloud(), fault('ztd.429'), async () => {
      expect(await askForProfile(cloud(), machine)).toMatchObject({ status: 429, headers: { 'retry-after': '5' } });
    });
    expect((await askForProfile(cloud(), machine)).status).toBe(200);
  });
});

describe('switches of a tenant (06 D-A69)', () => {
  it('give its refusals another shape', async () => {
    const styled = await newTenant(cloud(), { 'ztd.errorShape': 'Bobj' });
    const device = await newMachine();
    const { ztdId } = await register(cloud(), styled, device);
    await em().update(AutopilotDevice, { ztdId }, { profileId: null });
    const asObject = await askForProfile(cloud(), device);
    expect(asObject.status).toBe(404);
    expect(membersOf(asObject)).toEqual({ Message: { ErrorMessage: 'ZtdDeviceHasNoAssignedProfile', ErrorCodeNumber: 815 } });
    await setSwitches(cloud(), styled, { 'ztd.errorShape': 'garbage' });
    const garbage = await askForProfile(cloud(), device);
    expect(garbage).toMatchObject({ status: 404 });
    expect(garbage.text()).toContain('<html>');
  });

  it('make Date wrong, and drop MS-CV', async () => {
    const odd = await newTenant(cloud(), { 'ztd.dateSkewSec': 7200, 'ztd.omitMsCv': true });
    const device = await newMachine();
    await register(cloud(), odd, device);
    const response = await askForProfile(cloud(), device);
    expect(response.headers['ms-cv']).toBeUndefined();
    const ahead = new Date(String(response.headers.date)).getTime() - Date.now();
    expect(Math.abs(ahead - 2 * HOUR)).toBeLessThan(60_000);
  });
});

describe('remediation of a hardware mismatch', () => {
  const patch = async (device: Machine, body: string) =>
    cloud().request(REMEDIATION_URL, {
      method: 'PATCH',
      headers: {
        'X-Device-Token': await mintTicket(cloud(), device),
        'MS-CV': 'W1D16N3gSUORhUV2.0.2',
        'content-type': 'application/json; charset=utf-8',
      },
      body,
    });

  it('01-52 is noted for the MDM; what is not base64 of JSON is refused', async () => {
    const device = await newMachine();
    const { ztdId } = await register(cloud(), lab, device);
    const mismatch = { cachedHardwareBlob: device.hash, currentHardwareBlob: hashOf(device, { serial: 'NEW' }) };
    for (const data of ['%%%', Buffer.from('no JSON').toString('base64'), '']) {
      const refused = await patch(device, JSON.stringify({ HardwareMismatchRemediationData: data }));
      expect(refused.status).toBe(400);
      expect(JSON.parse(String(membersOf(refused).Message))).toMatchObject({ ErrorCodeNumber: 801 });
    }
    expect((await registrationOf(cloud(), ztdId)).remediationState).toBe('noRemediationRequired');
    const response = await patch(device, encodeRemediationRequest(mismatch));
    expect(response.status).toBe(200);
    expect(membersOf(response)).toEqual({ RemediationState: 'automaticRemediationRequired' });
    expect(await registrationOf(cloud(), ztdId)).toMatchObject({
      remediationState: 'automaticRemediationRequired',
      remediationData: encodeRemediationData(mismatch),
    });
  });

  it('01-52 finds the registration of a swapped board by the hash that the device kept', async () => {
    const device = await newMachine();
    const { ztdId } = await register(cloud(), lab, device);
    const swapped = await newMachine({ serial: device.facts.serial });
    const response = await patch(swapped, encodeRemediationRequest({ cachedHardwareBlob: device.hash, currentHardwareBlob: swapped.hash }));
    expect(response.status).toBe(200);
    expect((await registrationOf(cloud(), ztdId)).remediationState).toBe('automaticRemediationRequired');
    const unknown = await newMachine();
    const refused = await patch(unknown, encodeRemediationRequest({ cachedHardwareBlob: '', currentHardwareBlob: unknown.hash }));
    expect(membersOf(refused)).toMatchObject({ ErrorCode: 807 });
  });

  it('01-52 needs a ticket, and PATCH', async () => {
    const body = encodeRemediationRequest({ cachedHardwareBlob: '', currentHardwareBlob: machine.hash });
    expect((await cloud().request(REMEDIATION_URL, { method: 'PATCH', body })).status).toBe(401);
    expect((await cloud().request(REMEDIATION_URL, { method: 'POST', body })).status).toBe(405);
  });
});
