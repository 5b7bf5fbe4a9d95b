import { beforeAll, describe, expect, it } from '@jest/globals';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { mdm } from '@greenscreen/mdm';
import { encodeHardwareHash, hardwareReportOf } from '@greenscreen/wire/hardware-hash';
import { ztd } from '@greenscreen/ztd';
import { randomBytes, randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { deviceToken, joinBody, type JoinKeys, newKeys, postJoin, userToken } from '../drs/support.js';
import { enrollWhiteGlove, refusalOf, type TestDevice } from '../mdm/support.js';
import { askForProfile, type Machine, membersOf, mintTicket, newMachine, prepareKeys } from '../ztd/support.js';
import { errorOf, GraphClient, type Json, newDevice, stateOf } from './support.js';

const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const MANAGED = '/beta/deviceManagement/managedDevices';
const ZERO = '00000000-0000-0000-0000-000000000000';

describe('from import to deletion', () => {
  const cloud = useCloud(graph, ztd, drs, mdm);
  const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));
  let keys: JoinKeys;
  let machine: Machine;
  /** The machine's owner of the moment: a device is registered once in the world. */
  let own: GraphClient;

  beforeAll(async () => {
    prepareKeys(2);
    [keys, machine, own] = await Promise.all([newKeys(), newMachine(), client()]);
  });

  const profileOf = async (pc: Machine): Promise<Json> => membersOf(await askForProfile(cloud(), pc));
  const join = async (client: GraphClient, ztdId: string, deviceId: string) =>
    postJoin(cloud(), await deviceToken(cloud(), client.lab, { ztdId, deviceId }), await joinBody(keys));
  const deviceIdOf = async (client: GraphClient, ztdId: string): Promise<string> =>
    String((await client.identity(ztdId)).azureActiveDirectoryDeviceId);

  async function joined(client: GraphClient): Promise<TestDevice> {
    const ztdId = await client.register();
    const deviceId = await deviceIdOf(client, ztdId);
    const answer = await join(client, ztdId, deviceId);
    if (answer.status !== 200) throw new Error(`Not joined: ${answer.text()}`);
    const { serialNumber } = await client.identity(ztdId);
    const object = await client.device(deviceId);
    return { ztdId, deviceId, objectId: String(object?.id), serial: String(serialNumber), hwDevId: randomBytes(32).toString('hex') };
  }

  it('01-56 the technician join enables the object that the import made, and takes nothing from it', async () => {
    const device = await joined(own);
    expect(await own.device(device.deviceId)).toMatchObject({
      id: device.objectId,
      accountEnabled: true,
      displayName: 'LAB-1',
      trustType: 'AzureAd',
      physicalIds: expect.arrayContaining([`[ZTDID]:${device.ztdId}`]),
      alternativeSecurityIds: [{ type: 2 }],
      enrollmentProfileName: 'WG-Entra',
    });
    expect(await deviceIdOf(own, device.ztdId)).toBe(device.deviceId);
  });

  it('01-57 with its object deleted a device still gets its profile and cannot join any more', async () => {
    const ztdId = await own.register(machine.hash);
    const deviceId = await deviceIdOf(own, ztdId);
    const object = await own.device(deviceId);
    const guarded = await client({ 'graph.blockAutopilotDeviceDelete': true });
    const kept = await guarded.device(await deviceIdOf(guarded, await guarded.register()));
    expect(errorOf(await guarded.call('DELETE', `/v1.0/devices/${String(kept?.id)}`)).status).toBe(400);
    expect((await own.call('DELETE', `/v1.0/devices/${String(object?.id)}`)).status).toBe(204);
    expect(await profileOf(machine)).toMatchObject({ AadDeviceId: deviceId, ZtdRegistrationId: ztdId });
    const refused = await join(own, ztdId, deviceId);
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ Subcode: 'DeviceNotFound' });
    // The repair: delete the identity, import again.
    expect((await own.call('DELETE', `${IDENTITIES}/${ztdId}`)).status).toBe(204);
    const again = await own.register(machine.hash);
    expect((await join(own, again, await deviceIdOf(own, again))).status).toBe(200);
    expect((await own.call('DELETE', `${IDENTITIES}/${again}`)).status).toBe(204);
  });

  it('01-58 deleting an identity that never enrolled takes its object along; a new import has new ids', async () => {
    const pc = await newMachine();
    const ztdId = await own.register(pc.hash);
    const deviceId = await deviceIdOf(own, ztdId);
    expect((await own.call('DELETE', `${IDENTITIES}/${ztdId}`)).status).toBe(204);
    expect(errorOf(await own.call('GET', `${IDENTITIES}/${ztdId}`)).status).toBe(404);
    expect(await own.device(deviceId)).toBeUndefined();
    expect(await profileOf(pc)).toMatchObject({ ErrorCode: 807 });
    const again = await own.register(pc.hash);
    expect(again).not.toBe(ztdId);
    expect(await deviceIdOf(own, again)).not.toBe(deviceId);
    expect(await profileOf(pc)).toMatchObject({ ZtdRegistrationId: again });
  });

  it('01-59 01-60 an enrolled device: its identity stays, its limit is lifted, and leaving Intune lets it go', async () => {
    const device = await joined(own);
    expect((await enrollWhiteGlove(cloud(), own.lab, device)).status).toBe(200);
    expect(await own.identity(device.ztdId)).toMatchObject({ enrollmentState: 'enrolled', userlessEnrollmentStatus: 'blocked' });
    expect(errorOf(await own.call('DELETE', `${IDENTITIES}/${device.ztdId}`))).toMatchObject({ status: 400, code: 'BadRequest' });
    const blocked = await enrollWhiteGlove(cloud(), own.lab, device);
    expect(refusalOf(blocked)).toMatchObject({ errorType: 'DeviceNotSupported', hresult: '80180014' });
    const events = '/beta/deviceManagement/autopilotEvents';
    const [event, ...others] = await own.list(`${events}?$filter=deviceSerialNumber eq '${device.serial}'`);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      enrollmentType: 'azureADJoinedWithWhiteGlove',
      deploymentState: 'failure',
      enrollmentFailureDetails: 'Enrollment blocked for AP device by SDM One Time Limit Check',
      windowsAutopilotDeploymentProfileDisplayName: 'WG-Entra',
    });
    expect(event?.deploymentDuration).toMatch(/^PT\d+S$/);
    expect(await own.get(`${events}/${String(event?.id)}`)).toMatchObject({ id: event?.id });
    expect((await own.call('POST', `${IDENTITIES}/${device.ztdId}/allowNextEnrollment`)).status).toBe(204);
    expect(await own.identity(device.ztdId)).toMatchObject({ userlessEnrollmentStatus: 'allowed' });
    expect((await enrollWhiteGlove(cloud(), own.lab, device)).status).toBe(200);

    const managed = await own.list(`${MANAGED}?$filter=startsWith(serialNumber, '${device.serial}')`);
    expect(managed).toMatchObject([
      {
        serialNumber: device.serial,
        azureADDeviceId: device.deviceId,
        deviceEnrollmentType: 'windowsAzureADJoinUsingDeviceAuth',
        managedDeviceOwnerType: 'company',
        autopilotEnrolled: true,
        userPrincipalName: '',
        complianceState: 'unknown',
      },
    ]);
    const address = `${MANAGED}/${String(managed[0]?.id)}`;
    for (const [action, managementState] of [
      ['syncDevice', 'managed'],
      ['rebootNow', 'managed'],
      ['wipe', 'wipePending'],
    ] as const) {
      expect((await own.call('POST', `${address}/${action}`, {})).status).toBe(204);
      expect(await own.get(address)).toMatchObject({ managementState });
    }
    expect(await own.identity(device.ztdId)).toMatchObject({ userlessEnrollmentStatus: 'blocked', managedDeviceId: managed[0]?.id });
    expect((await own.call('DELETE', address)).status).toBe(204);
    expect(errorOf(await own.call('GET', address)).status).toBe(404);
    expect(await own.identity(device.ztdId)).toMatchObject({
      userlessEnrollmentStatus: 'allowed',
      enrollmentState: 'notContacted',
      managedDeviceId: ZERO,
    });
    // The object has joined: it stays, without what the registration put on it.
    expect((await own.call('DELETE', `${IDENTITIES}/${device.ztdId}`)).status).toBe(204);
    expect(await own.device(device.deviceId)).toMatchObject({ accountEnabled: true, physicalIds: [] });
  });

  it('01-59 with graph.allowDeleteEnrolled an enrolled identity goes', async () => {
    const lax = await client({ 'graph.allowDeleteEnrolled': true });
    const device = await joined(lax);
    expect((await enrollWhiteGlove(cloud(), lax.lab, device)).status).toBe(200);
    expect((await lax.call('DELETE', `${IDENTITIES}/${device.ztdId}`)).status).toBe(204);
  });

  it('814: the hardware has joined without Autopilot', async () => {
    const pc = await newMachine();
    const ticket = Buffer.from(await mintTicket(cloud(), pc)).toString('base64');
    const body = await joinBody(await newKeys(), { attributes: { 'MSA-DDID': ticket } });
    expect((await postJoin(cloud(), await userToken(cloud(), own.lab), body)).status).toBe(200);
    expect(stateOf(await own.import(pc.hash))).toMatchObject({ deviceErrorCode: 814, deviceErrorName: 'ZtdDeviceAlreadyAadRegistered' });
    const elsewhere = await client();
    expect(stateOf(await elsewhere.import(pc.hash))).toMatchObject({ deviceImportStatus: 'complete' });
  });

  it('a new board is another device: two identities share a serial number (reference 01, 7.5)', async () => {
    const before = newDevice();
    const repaired = newDevice({}, { serial: before.serial });
    const ids = [await own.register(before.hash), await own.register(repaired.hash)];
    const found = await own.list(`${IDENTITIES}?$filter=contains(serialNumber,'${before.serial}')`);
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it('813: a hash without an EK that fits two devices; 806 when it fits one', async () => {
    const facts = {
      serial: `LAB-${randomBytes(4).toString('hex')}`,
      manufacturer: 'Contoso Devices',
      model: 'Labbook 14',
      sku: 'LB14',
      family: 'Labbook',
      smbiosUuid: randomUUID(),
      macAddresses: ['02-00-5E-10-00-01'],
      osBuild: '26100.2454',
      time: new Date(),
    };
    const fromSetup = encodeHardwareHash(hardwareReportOf(facts));
    await own.register(newDevice({}, facts).hash);
    expect(stateOf(await own.import(fromSetup))).toMatchObject({ deviceErrorCode: 806 });
    await own.register(newDevice({}, facts).hash);
    expect(stateOf(await own.import(fromSetup))).toMatchObject({ deviceErrorCode: 813, deviceErrorName: 'ZtdDeviceIsNotUnique' });
  });

  it('an ECC endorsement key is 802 unless graph.hashAllowEcc', async () => {
    const ekPublic = randomBytes(64);
    const { hash } = newDevice({ ekPublic, offlineDeviceId: { type: 2, id: Buffer.alloc(32) } });
    expect(stateOf(await own.import(hash))).toMatchObject({ deviceErrorCode: 802 });
    const lax = await client({ 'graph.hashAllowEcc': true });
    expect(stateOf(await lax.import(hash))).toMatchObject({ deviceImportStatus: 'complete' });
  });

  it.each([803, 808, 812, 813, 814])('graph.importResult=%d ends every import so', async (code) => {
    const wanted = await client({ 'graph.importResult': code });
    expect(stateOf(await wanted.import(newDevice().hash))).toMatchObject({ deviceImportStatus: 'error', deviceErrorCode: code });
    expect(await wanted.list(IDENTITIES)).toEqual([]);
  });
});
