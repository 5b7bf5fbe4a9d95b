import { beforeAll, describe, expect, it } from '@jest/globals';
import { AutopilotDevice, deleteRegistration, DeploymentProfile, type OutOfBoxExperience } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { decodeTokenResponse, encodeTokenRequest, msaAddresses } from '@greenscreen/wire/msa';
import { ztd } from '@greenscreen/ztd';
import { randomUUID } from 'node:crypto';
import { startCloud, type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  addDevice,
  askForProfile,
  componentsOf,
  getProfile,
  hashOf,
  type Machine,
  membersOf,
  mintTicket,
  newCredentials,
  newMachine,
  postMsa,
  prepareKeys,
  register,
  registrationOf,
} from './support.js';

prepareKeys(8);
const cloud = useCloud(ztd);
let lab: TestTenant;
let machine: Machine;
let registration: AutopilotDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  machine = await newMachine();
  registration = await register(cloud(), lab, machine, { userPrincipalName: lab.user.upn });
});

const em = () => cloud().context.dataSource.manager;
const HOUR = 3_600_000;

/** A profile of the lab with settings of the test's choice, assigned to a device of its own. */
async function deviceWithProfile(oobe: Partial<OutOfBoxExperience>, more: Partial<DeploymentProfile> = {}): Promise<Machine> {
  const device = await newMachine();
  const { ztdId } = await register(cloud(), lab, device);
  const base = await em().findOneByOrFail(DeploymentProfile, { tenantId: lab.tenant.id, displayName: 'WG-Entra' });
  const profile = { ...base, ...more, id: randomUUID(), outOfBoxExperience: { ...base.outOfBoxExperience, ...oobe } };
  await em().save(em().create(DeploymentProfile, profile));
  await em().update(AutopilotDevice, { ztdId }, { profileId: profile.id });
  return device;
}

const profileOf = async (device: Machine): Promise<Record<string, unknown>> => {
  const response = await askForProfile(cloud(), device);
  expect(response.status).toBe(200);
  return membersOf(response);
};

describe('the profile', () => {
  it('01-41 comes with its members, MS-CV and Date', async () => {
    const response = await askForProfile(cloud(), machine);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['ms-cv']).toBe('W1D16N3gSUORhUV2.0.1');
    expect(Math.abs(new Date(String(response.headers.date)).getTime() - Date.now())).toBeLessThan(60_000);
    const members = membersOf(response);
    expect(Object.keys(members)).toEqual([
      'AutopilotServiceCorrelationId',
      'ZtdRegistrationId',
      'AadDeviceId',
      'CloudAssignedOobeConfig',
      'CloudAssignedDomainJoinMethod',
      'CloudAssignedForcedEnrollment',
      'CloudAssignedTenantDomain',
      'CloudAssignedTenantId',
      'CloudAssignedMdmId',
      'CloudAssignedDeviceName',
      'CloudAssignedLanguage',
      'CloudAssignedTenantUpn',
      'DeploymentProfileName',
      'IsExplicitProfileAssignment',
      'CloudAssignedAutopilotUpdateDisabled',
      'CloudAssignedPrivacyDiagnostics',
      'HybridJoinSkipDCConnectivityCheck',
      'CloudAssignedAutopilotUpdateTimeout',
    ]);
    expect(members).toMatchObject({
      CloudAssignedTenantDomain: lab.tenant.initialDomain,
      CloudAssignedTenantId: lab.tenant.id,
      CloudAssignedMdmId: '9cb77803-d937-493e-9a3b-4b49de3f5a74',
      CloudAssignedDeviceName: 'LAB-%RAND:5%',
      CloudAssignedLanguage: 'os-default',
      CloudAssignedTenantUpn: lab.user.upn,
      DeploymentProfileName: 'WG-Entra',
      CloudAssignedAutopilotUpdateTimeout: 1_800_000,
    });
  });

  it('01-41 has no part that the client adds, and not the permission to pre-provision (06 D-A50)', async () => {
    const members = await profileOf(machine);
    for (const name of [
      'PolicyDownloadDate',
      'PolicyDownloadCorrelationVector',
      'CloudAssignedPreProvisioningAllowed',
      'CloudAssignedAadServerData',
    ])
      expect(members).not.toHaveProperty(name);
  });

  it('01-42 comes for 7 KB of headers', async () => {
    const marker = 'm'.repeat(2_500);
    const response = await askForProfile(cloud(), machine, { marker });
    expect(response.status).toBe(200);
    expect((await registrationOf(cloud(), registration.ztdId)).autopilotMarker).toBe(marker);
  });

  it('01-57 still names the object that somebody deleted', async () => {
    const device = await newMachine();
    const { entraDeviceId } = await register(cloud(), lab, device);
    await em().update(EntraDevice, { deviceId: entraDeviceId ?? '' }, { state: 'deleted', accountEnabled: false });
    expect(await profileOf(device)).toMatchObject({ AadDeviceId: entraDeviceId });
  });

  it('01-58 ends with the registration: 807; a new one has a new ZTD id and object', async () => {
    const device = await newMachine();
    const former = await register(cloud(), lab, device);
    const change = { random: cloud().context.random, at: new Date(), correlationId: randomUUID() };
    await cloud().context.dataSource.transaction((manager) => deleteRegistration(manager, former, change));
    expect(await profileOf(device)).toMatchObject({ ErrorCode: 807 });
    const latter = await register(cloud(), lab, device);
    expect(await profileOf(device)).toMatchObject({ ZtdRegistrationId: latter.ztdId, AadDeviceId: latter.entraDeviceId });
    expect(latter.ztdId).not.toBe(former.ztdId);
    expect(latter.entraDeviceId).not.toBe(former.entraDeviceId);
  });

  it('05-4 comes again and again, and changes nothing but the time of contact', async () => {
    const withoutIds = (response: TestResponse) => ({ ...membersOf(response), AutopilotServiceCorrelationId: undefined });
    const before = await registrationOf(cloud(), registration.ztdId);
    const [first, second, third] = [
      await askForProfile(cloud(), machine),
      await askForProfile(cloud(), machine),
      await askForProfile(cloud(), machine),
    ].map(withoutIds);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const after = await registrationOf(cloud(), registration.ztdId);
    expect(after.firstContactedAt).toEqual(before.firstContactedAt ?? after.firstContactedAt);
    expect(after.lastContactedAt?.getTime()).toBeGreaterThanOrEqual(after.firstContactedAt?.getTime() ?? Infinity);
    const contacts = { lastContactedAt: null, firstContactedAt: null };
    expect({ ...after, ...contacts }).toEqual({ ...before, ...contacts });
  });

  it('01-47 comes for a hash that differs in time, MAC address and disk', async () => {
    const hash = hashOf(machine, { time: new Date('2026-05-01T00:00:00Z'), macAddresses: ['02-00-5E-99-99-99'], diskSerial: 'NEW-DISK' });
    expect(hash).not.toBe(machine.hash);
    expect(await askForProfile(cloud(), machine, { hardwareHash: hash })).toMatchObject({ status: 200 });
  });

  it('01-48 comes without a hash, for builds that send none', async () => {
    const response = await getProfile(cloud(), { deviceToken: await mintTicket(cloud(), machine) });
    expect(response.status).toBe(200);
    // Nobody's vector: the service makes one.
    expect(response.headers['ms-cv']).toMatch(/^[A-Za-z0-9+/]{16}\.0$/);
  });

  it('repeats no header that is no vector', async () => {
    const response = await askForProfile(cloud(), machine, { correlationVector: '"<script>"' });
    expect(response.headers['ms-cv']).toMatch(/^[A-Za-z0-9+/]{16}\.0$/);
  });

  it('comes from another replica than the ticket, and for the account that a third one made', async () => {
    const [second, third] = [await startCloud([ztd]), await startCloud([ztd])];
    try {
      const credentials = newCredentials();
      await addDevice(cloud(), credentials, componentsOf(machine));
      const now = new Date();
      const call = {
        messageId: '1',
        created: now,
        expires: new Date(now.getTime() + 300_000),
        addresses: ['https://ztd.dds.microsoft.com'],
      };
      const body = encodeTokenRequest({ ...call, credential: { kind: 'password', ...credentials } });
      const [token] = decodeTokenResponse((await postMsa(second.cloud, msaAddresses.token, body)).body);
      const response = await getProfile(third.cloud, { deviceToken: token?.text ?? '', hardwareHash: machine.hash });
      expect(membersOf(response)).toMatchObject({ ZtdRegistrationId: registration.ztdId });
    } finally {
      await second.stop();
      await third.stop();
    }
  });

  it('01-49 carries the out-of-box experience as a mask', async () => {
    const hidden = { privacySettingsHidden: true, eulaHidden: true, keyboardSelectionPageSkipped: true, userType: 'standard' } as const;
    const mask = async (oobe: Partial<OutOfBoxExperience>) => (await profileOf(await deviceWithProfile(oobe))).CloudAssignedOobeConfig;
    expect(await mask(hidden)).toBe(1310);
    expect(await mask({ ...hidden, deviceUsageType: 'shared' })).toBe(1534);
    expect(await mask({ ...hidden, userType: 'administrator' })).toBe(1310 - 2);
    expect(await mask({ ...hidden, privacySettingsHidden: false })).toBe(1310 - 4);
  });

  it('01-50 writes numbers for yes and no, but for one member', async () => {
    const members = await profileOf(await deviceWithProfile({ escapeLinkHidden: false }));
    expect(members.CloudAssignedForcedEnrollment).toBe(0);
    expect((await profileOf(machine)).CloudAssignedForcedEnrollment).toBe(1);
    const booleans = Object.entries(members).filter(([, value]) => typeof value === 'boolean');
    expect(booleans.map(([name]) => name)).toEqual(['IsExplicitProfileAssignment']);
  });

  it('01-51 names the pre-created object and the registration', async () => {
    const members = await profileOf(machine);
    const object = await em().findOneByOrFail(EntraDevice, { deviceId: String(members.AadDeviceId) });
    expect(object).toMatchObject({ tenantId: lab.tenant.id, accountEnabled: false, physicalIds: [`[ZTDID]:${registration.ztdId}`] });
    expect(members.ZtdRegistrationId).toBe(registration.ztdId);
  });

  it('has a name for the one device before the template, a region with a culture, and the hybrid switches', async () => {
    const device = await deviceWithProfile({}, { locale: 'en-US', joinType: 'hybrid', hybridSkipConnectivityCheck: true });
    await em().update(AutopilotDevice, { ekHash: device.ekHash }, { displayName: 'NB-1' });
    expect(await profileOf(device)).toMatchObject({
      CloudAssignedDeviceName: 'NB-1',
      CloudAssignedLanguage: 'en-US',
      CloudAssignedRegion: 'US',
      CloudAssignedDomainJoinMethod: 1,
      HybridJoinSkipDCConnectivityCheck: 1,
    });
  });

  it('says when the default of the tenant applied', async () => {
    const other = await newTenant(cloud());
    const device = await newMachine();
    const { ztdId } = await register(cloud(), other, device);
    await em().update(AutopilotDevice, { ztdId }, { profileId: null, explicitAssignment: false });
    const { id } = await em().findOneByOrFail(DeploymentProfile, { tenantId: other.tenant.id, displayName: 'User-Driven' });
    await em().update(Tenant, { id: other.tenant.id }, { defaultProfileId: id });
    expect(await profileOf(device)).toMatchObject({ DeploymentProfileName: 'User-Driven', IsExplicitProfileAssignment: false });
    expect(await profileOf(machine)).toMatchObject({ IsExplicitProfileAssignment: true });
  });

  it('comes once an assignment that was held back is due', async () => {
    const slow = await newTenant(cloud(), { 'graph.profileAssignDelayMs': HOUR });
    const device = await newMachine();
    await register(cloud(), slow, device);
    expect(membersOf(await askForProfile(cloud(), device)).ErrorCode).toBe(815);
    await cloud().context.clock.advance(slow.tenant.id, HOUR);
    expect(membersOf(await askForProfile(cloud(), device)).DeploymentProfileName).toBe('WG-Entra');
  });
});
