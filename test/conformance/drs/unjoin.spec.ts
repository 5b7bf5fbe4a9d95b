import { beforeAll, describe, expect, it } from '@jest/globals';
import { DeviceUser, EntraDevice, setDeviceEnabled } from '@greenscreen/model/directory';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { claims, deviceSigned, members, nonce, post, signedForm, WINDOWS_SIGN_IN } from '../sts/support.js';
import { mintTicket, registeredMachine } from '../sts/userless.support.js';
import {
  auditTrail,
  certificateOf,
  deviceToken,
  DRS,
  entra,
  findDevice,
  joinBody,
  joinedByUser,
  newKeys,
  object,
  postJoin,
  userToken,
} from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const manager = () => cloud().context.dataSource.manager;
const remove = (deviceId: string, clientCertificate?: Buffer, query = '') =>
  cloud().request(`${DRS}/EnrollmentServer/device/${deviceId}${query}`, {
    method: 'DELETE',
    headers: { accept: 'application/json1' },
    ...(clientCertificate ? { clientCertificate } : {}),
  });

/** A pre-created device after its userless join. */
async function provisioned(of: TestTenant) {
  const pc = await registeredMachine(cloud(), of);
  const keys = await newKeys();
  const answer = await postJoin(cloud(), await deviceToken(cloud(), of, pc), await joinBody(keys, { JoinType: 11 }));
  return { pc, keys, certificate: certificateOf(answer) };
}

describe('unjoin with DELETE', () => {
  it('02-34 05-19 05-20 an ordinary object goes; afterwards its certificate is nobody’s', async () => {
    const { device, certificate } = await joinedByUser(cloud(), lab);
    const other = await joinedByUser(cloud(), lab);
    for (const refused of [
      await remove(device.deviceId),
      await remove(device.deviceId, other.certificate),
      await remove(device.deviceId, Buffer.from('3000', 'hex')),
    ]) {
      expect(refused.status).toBe(401);
      expect(members(refused)).toMatchObject({
        ErrorType: 'AuthenticationError',
        Message: expect.any(String),
        TraceId: expect.any(String),
      });
    }
    expect((await findDevice(cloud(), device.deviceId)).state).toBe('joined_user');
    const answer = await remove(device.deviceId, certificate);
    expect(answer.status).toBe(200);
    expect(members(answer)).toEqual({ AttestationResult: { KeyId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(await findDevice(cloud(), device.deviceId)).toMatchObject({ state: 'deleted', accountEnabled: false });
    expect(await manager().countBy(DeviceUser, { objectId: device.objectId })).toBe(0);
    expect((await remove(device.deviceId, certificate)).status).toBe(401);
    expect((await remove(other.device.deviceId, other.certificate, '?api-version=1.0')).status).toBe(200);
    expect((await cloud().request(`${DRS}/${lab.domain}/discover?api-version=1.6`)).status).toBe(200);
    const rows = (await auditTrail(cloud(), lab)).filter(({ targetResources }) => targetResources[0]?.id === device.objectId);
    expect(rows.slice(-4).map(({ activityDisplayName }) => activityDisplayName)).toEqual([
      'Unregister device',
      'Delete device',
      'Remove registered owner from device',
      'Remove registered users from device',
    ]);
  });

  it('05-19 05 61 an object of an Autopilot registration is not deleted by its device', async () => {
    const { pc, certificate } = await provisioned(lab);
    const before = await findDevice(cloud(), pc.deviceId);
    const refused = await remove(pc.deviceId, certificate);
    expect(refused.status).toBe(403);
    expect(members(refused)).toMatchObject({
      ErrorType: 'AuthorizationError',
      Code: 'AuthorizationError',
      Subcode: 'DeviceIsAutopilotRegistered',
      Message: expect.any(String),
    });
    expect(await findDevice(cloud(), pc.deviceId)).toEqual(before);
  });

  it('02-35 with the tenant’s switch such an object is emptied and can join again', async () => {
    const own = await newTenant(cloud(), { 'drs.deleteAutopilotDevice': 'clear' });
    const { pc, certificate } = await provisioned(own);
    expect((await remove(pc.deviceId, certificate)).status).toBe(200);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({
      state: 'precreated',
      accountEnabled: true,
      transportKey: null,
      physicalIds: [`[ZTDID]:${pc.ztdId}`],
    });
    expect((await remove(pc.deviceId, certificate)).status).toBe(401);
    const again = await postJoin(cloud(), await deviceToken(cloud(), own, pc), await joinBody(await newKeys(), { JoinType: 11 }));
    expect(again.status).toBe(200);
  });

  it('02 15.2 a device that an administrator disabled may not even leave', async () => {
    const { device, certificate } = await joinedByUser(cloud(), lab);
    const change = { random: cloud().context.random, at: new Date(), correlationId: randomUUID() };
    await setDeviceEnabled(manager(), device, false, change);
    expect(members(await remove(device.deviceId, certificate))).toMatchObject({ Subcode: 'DeviceDisabled' });
    await setDeviceEnabled(manager(), await manager().findOneByOrFail(EntraDevice, { objectId: device.objectId }), true, change);
    expect((await remove(device.deviceId, certificate)).status).toBe(200);
  });

  it('02-32 05-22 05-42 a whole white-glove deployment keeps one object; the first certificate ends with the user’s join', async () => {
    const own = await newTenant(cloud());
    const pc = await registeredMachine(cloud(), own);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'precreated', accountEnabled: false });
    const first = await newKeys();
    const technician = await postJoin(cloud(), await deviceToken(cloud(), own, pc), await joinBody(first, { JoinType: 11 }));
    const device = await findDevice(cloud(), pc.deviceId);
    const certificate1 = certificateOf(technician);
    const signed = async (certificate: Buffer, keys: typeof first, payload: Record<string, unknown>) =>
      post(
        cloud(),
        `/${own.tenant.id}/oauth2/token`,
        signedForm(
          await deviceSigned(
            { device, certificate, keys: keys.device, transport: keys.transport },
            { ...payload, request_nonce: await nonce(cloud()) },
          ),
        ),
      );
    const enrollment = {
      grant_type: 'device_token',
      client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e',
      resource: 'https://enrollment.manage.microsoft.com/',
    };
    const token = members(await signed(certificate1, first, enrollment));
    expect([token.resource, claims(token.access_token).aud]).toEqual(Array(2).fill(enrollment.resource));
    expect(Number(token.expires_in)).toBeLessThanOrEqual(3600);
    // The local unjoin is seen by nobody; the server would still honour the first certificate (06 D-A39).
    const second = await newKeys();
    const ticket = Buffer.from(await mintTicket(cloud(), pc)).toString('base64');
    const user = await postJoin(
      cloud(),
      await userToken(cloud(), own),
      await joinBody(second, { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', 'MSA-DDID': ticket } }),
    );
    expect(user.status).toBe(200);
    expect(object(object(members(user).User)).Upn).toBe(own.user.upn);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ objectId: device.objectId, state: 'joined_user' });
    expect(await manager().existsBy(DeviceUser, { objectId: device.objectId, userId: own.user.id, relation: 'owner' })).toBe(true);
    const certificate2 = certificateOf(user);
    const prt = { grant_type: 'password', client_id: WINDOWS_SIGN_IN, scope: 'openid aza', username: own.user.upn, password: own.password };
    expect(members(await signed(certificate1, first, prt)).error_codes).toEqual([50155]);
    expect((await remove(pc.deviceId, certificate1)).status).toBe(401);
    expect((await signed(certificate2, second, prt)).status).toBe(200);
    expect((await remove(pc.deviceId, certificate2)).status).toBe(403);
    const joined = await auditTrail(cloud(), own);
    await setDeviceEnabled(manager(), await findDevice(cloud(), pc.deviceId), false, {
      random: cloud().context.random,
      at: new Date(),
      correlationId: randomUUID(),
    });
    expect(members(await signed(certificate2, second, prt)).error_codes).toEqual([135011]);
    await manager().update(EntraDevice, { deviceId: pc.deviceId }, { state: 'deleted' });
    expect(members(await signed(certificate2, second, prt)).error_codes).toEqual([50155]);
    expect(joined.map(({ loggedByService, activityDisplayName }) => `${loggedByService}: ${activityDisplayName}`)).toEqual([
      'Device Registration Service: Register device',
      'Core Directory: Update device',
      'Device Registration Service: Register device',
      'Device Registration Service: User Device Association',
      'Core Directory: Add registered owner to device',
      'Core Directory: Add registered users to device',
      'Core Directory: Update device',
    ]);
  });
});
