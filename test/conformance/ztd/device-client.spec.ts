import { beforeAll, describe, expect, it } from '@jest/globals';
import { type DeviceNetwork, NetworkError } from '@greenscreen/device/context';
import { addDevice, requestDeviceTicket, updateIdentity } from '@greenscreen/device/msa';
import { downloadProfile, PROFILE_FILE, readProfileFile, refetchProfile } from '@greenscreen/device/profile';
import { verifyDeviceTicket } from '@greenscreen/host/identity';
import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { ztd } from '@greenscreen/ztd';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { boot, dataOf, windowsOn } from './device-context.support.js';
import { type Machine, newMachine, prepareKeys, register } from './support.js';

prepareKeys(6);
const cloud = useCloud(ztd);
let lab: TestTenant;
let machine: Machine;
let registration: AutopilotDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  machine = await newMachine();
  registration = await register(cloud(), lab, machine);
});

const MINUTE = 60_000;
const CACHE = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotPolicyCache';
const DIAGNOSTICS = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\Diagnostics\\Autopilot';

describe('the account at login.live.com', () => {
  it('is made once an installation, and updated from then on', async () => {
    const device = windowsOn(cloud(), machine);
    const identity = await addDevice(device.context);
    expect(identity).toMatchObject({ hwDeviceId: machine.ddid, tpmKeyState: 3 });
    expect(identity.membername).toMatch(/^02[a-z0-9]{14}$/);
    expect(identity.password).toHaveLength(20);
    expect(await addDevice(device.context)).toEqual(identity);
    expect(await updateIdentity(device.context, identity)).toBe(3);
    const reinstalled = await addDevice(windowsOn(cloud(), machine).context);
    expect(reinstalled.hwDeviceId).toBe(identity.hwDeviceId);
    expect(reinstalled.globalDeviceId).not.toBe(identity.globalDeviceId);
  });

  it('gets tickets for the profile service and for the registration service', async () => {
    const { context } = windowsOn(cloud(), machine);
    const identity = await addDevice(context);
    const audienceOf = async (target: 'ztd' | 'drs') => {
      const ticket = await requestDeviceTicket(context, identity, target);
      const audiences = ['ztd.dds.microsoft.com', 'enterpriseregistration.windows.net'];
      return (await verifyDeviceTicket(ticket, { authorities: cloud().context.authorities, audiences, now: new Date() })).aud;
    };
    expect(await audienceOf('ztd')).toBe('ztd.dds.microsoft.com');
    expect(await audienceOf('drs')).toBe('enterpriseregistration.windows.net');
  });

  it('learns the time from a refusal when its own clock is wrong', async () => {
    const device = windowsOn(cloud(), machine);
    const identity = await addDevice(device.context);
    device.clock.set(new Date(Date.now() - 20 * MINUTE));
    expect(await requestDeviceTicket(device.context, identity, 'ztd')).toMatch(/^t=/);
    expect(device.requests).toEqual(['msa DeviceAdd', 'msa DeviceTicket', 'msa DeviceTicket']);
  });
});

describe('the download', () => {
  it('01-61 logs the profile part of a technician run in its order', async () => {
    const device = windowsOn(cloud(), machine);
    expect(await boot(device, machine.hash)).toMatchObject({
      kind: 'profile',
      profile: { ztdRegistrationId: registration.ztdId, oobeConfig: 286 },
    });
    const settings = [101, 100, 103, 109];
    expect(device.ids().filter((id) => !settings.includes(id))).toEqual([285, 164, 286, 160, 703, 702, 161, 170, 153, 111]);
    expect(dataOf(device, 153)).toEqual({ From: 'Unknown', To: 'Available' });
    expect(device.ids().filter((id) => id === 509)).toEqual([]);
    expect(device.ids().at(-1)).toBe(111);
    expect(device.requests).toEqual(['msa DeviceAdd', 'msa DeviceTicket', 'ztd GetProfile']);
  });

  it('keeps the profile in a file, with what the client adds, and in the registry', async () => {
    const device = windowsOn(cloud(), machine);
    await boot(device, machine.hash);
    const file: unknown = JSON.parse(device.context.files.get(PROFILE_FILE) ?? '');
    expect(file).toMatchObject({
      ZtdRegistrationId: registration.ztdId,
      PolicyDownloadDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
      PolicyDownloadCorrelationVector: expect.stringMatching(/^[A-Za-z0-9+/]{16}\.0\.1$/),
    });
    const { registry } = device.context;
    expect(registry.get(CACHE, 'ProfileAvailable')).toBe(1);
    expect(String(registry.get(CACHE, 'PolicyJsonCache'))).toContain('\\u0022ZeroTouchConfig\\u0022');
    expect(registry.get(DIAGNOSTICS, 'CloudAssignedTenantDomain')).toBe(lab.tenant.initialDomain);
    expect(registry.get(DIAGNOSTICS, 'IsAutopilotDisabled')).toBe(0);
    expect(registry.get(`${DIAGNOSTICS}\\EstablishedCorrelations`, 'ZtdRegistrationId')).toBe(registration.ztdId);
    expect(registry.get(`${DIAGNOSTICS}\\EstablishedCorrelations`, 'ZtdCorrelationId')).toBeUndefined();
  });

  it('happens again on the landing page: 705, and 703 and 702 once more', async () => {
    const device = windowsOn(cloud(), machine);
    const identity = await addDevice(device.context);
    await downloadProfile(device.context, { identity, hardwareHash: machine.hash });
    const before = device.ids().length;
    const again = await refetchProfile(device.context, { identity, hardwareHash: machine.hash });
    expect(again).toMatchObject({ kind: 'profile', profile: { profileName: 'WG-Entra' } });
    expect(device.ids().slice(before)).toEqual([705, 703, 702]);
    // A fresh ticket each time (06 D-A15).
    expect(device.requests.filter((request) => request === 'msa DeviceTicket')).toHaveLength(2);
  });

  it('01-64 does not happen in the user phase: 163, and no request', async () => {
    const device = windowsOn(cloud(), machine);
    await boot(device, machine.hash);
    const [requests, before] = [device.requests.length, device.ids().length];
    expect(readProfileFile(device.context)).toMatchObject({ tenantId: lab.tenant.id, ztdRegistrationId: registration.ztdId });
    expect(device.ids().slice(before)).toEqual([164, 160, 163, 111]);
    expect(device.requests).toHaveLength(requests);
    const empty = windowsOn(cloud(), machine);
    expect(readProfileFile(empty.context)).toBeUndefined();
    expect(empty.ids()).toEqual([164, 160, 162]);
  });

  it('waits for a network', async () => {
    const device = windowsOn(cloud(), machine);
    const identity = await addDevice(device.context);
    const result = await downloadProfile(device.context, { identity, hardwareHash: machine.hash, online: false });
    expect(result).toMatchObject({ kind: 'failed', hresult: 0x800c0003 });
    expect(device.ids()).toEqual([285, 165]);
    expect(device.requests).toEqual(['msa DeviceAdd']);
  });
});

describe('the clock', () => {
  it('01-54 takes the time of the service when it is too far off: 753', async () => {
    const skewed = await newTenant(cloud(), { 'ztd.dateSkewSec': 7200 });
    const other = await newMachine();
    await register(cloud(), skewed, other);
    const device = windowsOn(cloud(), other);
    expect(await boot(device, other.hash)).toMatchObject({ kind: 'profile' });
    expect(device.ids().filter((id) => id === 753)).toHaveLength(1);
    expect(device.ids().indexOf(753)).toBeLessThan(device.ids().indexOf(703));
    expect(Math.abs(device.clock.now().getTime() - Date.now() - 120 * MINUTE)).toBeLessThan(MINUTE);
    const right = windowsOn(cloud(), machine);
    await boot(right, machine.hash);
    expect(right.ids()).not.toContain(753);
  });

  it('05-50 ten minutes off still gets a profile, and is right afterwards', async () => {
    const device = windowsOn(cloud(), machine);
    device.clock.set(new Date(Date.now() - 10 * MINUTE));
    expect(await boot(device, machine.hash)).toMatchObject({ kind: 'profile' });
    expect(device.ids().filter((id) => id === 753)).toHaveLength(1);
    expect(Math.abs(device.clock.now().getTime() - Date.now())).toBeLessThan(MINUTE);
  });

  /** A wire on which TLS to login.live.com fails over a date until the device's clock has been set. */
  const datedWire =
    (repaired: () => boolean) =>
    (network: DeviceNetwork): DeviceNetwork => ({
      http: async (request) => {
        if (request.operation !== 'DeviceTicket' || repaired()) return network.http(request);
        const cause = Object.assign(new Error('certificate is not yet valid'), { code: 'CERT_NOT_YET_VALID' });
        throw new NetworkError(0x80072f8f, 'TLS', { cause });
      },
    });

  it('05-50 is set by a time server when TLS fails over a date: 750, then 751', async () => {
    let synchronised = false;
    const device = windowsOn(cloud(), machine, { network: datedWire(() => synchronised) });
    const identity = await addDevice(device.context);
    const timeSync = async () => {
      synchronised = true;
      return new Date();
    };
    const result = await downloadProfile(device.context, { identity, hardwareHash: machine.hash, timeSync });
    expect(result.kind).toBe('profile');
    expect(device.ids().filter((id) => [750, 751, 752, 710].includes(id))).toEqual([750, 751]);
  });

  it('05-50 stays wrong without a time server: 752, 710, no profile', async () => {
    const device = windowsOn(cloud(), machine, { network: datedWire(() => false) });
    expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x80072f8f });
    expect(
      device
        .ids()
        .filter((id) => [750, 751, 752, 710].includes(id))
        .slice(0, 3),
    ).toEqual([750, 752, 710]);
  });
});
