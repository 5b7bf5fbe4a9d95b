import { beforeAll, describe, expect, it } from '@jest/globals';
import { NetworkError } from '@greenscreen/device/context';
import { addDevice } from '@greenscreen/device/msa';
import { downloadProfile, PROFILE_FILE, refetchProfile, REMEDIATION_FILE, reportHardwareMismatch } from '@greenscreen/device/profile';
import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { type FaultAction, type FaultMatch } from '@greenscreen/model/faults';
import { ztd } from '@greenscreen/ztd';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { boot, dataOf, windowsOn } from './device-context.support.js';
import { withShape, hashOf, type Machine, newMachine, prepareKeys, register, registrationOf, withFault } from './support.js';

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

const CACHE = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotPolicyCache';
const DIAGNOSTICS = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\Diagnostics\\Autopilot';

/** A fault for this machine's profile requests. */
const atTheProfile = (action: FaultAction, match: FaultMatch = {}) => ({
  service: 'ztd',
  operation: 'GetProfile',
  match: { serial: machine.facts.serial, ...match },
  action,
});

describe('failures', () => {
  it('01-53 goes on unmanaged with an empty answer: 704', async () => {
    const device = windowsOn(cloud(), machine);
    await withFault(cloud(), atTheProfile({ respond: { status: 200, body: '' } }), async () => {
      expect(await boot(device, machine.hash)).toEqual({ kind: 'none' });
    });
    expect(device.ids()).toEqual(expect.arrayContaining([704, 702]));
    expect(device.ids()).not.toContain(161);
    expect(device.context.registry.get(CACHE, 'ProfileAvailable')).toBe(0);
  });

  it('01-53 fails over half a JSON object, and over a page of a proxy: 707', async () => {
    for (const body of ['{"CloudAssignedTenantId":"3b', '<html>Sign in to the guest network</html>', '[]']) {
      const device = windowsOn(cloud(), machine);
      await withFault(cloud(), atTheProfile({ respond: { status: 200, body } }), async () => {
        expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x83750007 });
      });
      expect(device.ids()).toContain(707);
      expect(device.context.files.has(PROFILE_FILE)).toBe(false);
    }
  });

  it('01-62 an unregistered device, shape B: 709 with 0x327, 706 with 0x81038327, and 807 as documented', async () => {
    const nobody = await newMachine();
    await withShape('Bstr', async (other) => {
      const device = windowsOn(other, nobody);
      expect(await boot(device, nobody.hash)).toEqual({ kind: 'none', code: 807, reason: 'ZtdDeviceIsNotRegistered' });
      expect(device.ids().filter((id) => [164, 709, 706, 704, 807, 824].includes(id))).toEqual([164, 709, 706, 807]);
      expect(dataOf(device, 709)).toEqual({ ResponseCode: '0x327', Message: 'ZtdDeviceIsNotRegistered' });
      expect(dataOf(device, 706)).toMatchObject({ HRESULT: '0x81038327' });
      const newer = windowsOn(other, nobody, { osBuild: '26200.1000' });
      await boot(newer, nobody.hash);
      expect(dataOf(newer, 824)).toMatchObject({ HRESULT: '0x81038327', StatusCode: 404, ServerErrorCode: '807' });
    });
  });

  it('01-62 an unregistered device, shape A: 704 and 702, no profile, and 807 as documented (06 D-A61)', async () => {
    const nobody = await newMachine();
    const device = windowsOn(cloud(), nobody);
    expect(await boot(device, nobody.hash)).toEqual({ kind: 'none', code: 807, reason: 'ZtdDeviceIsNotRegistered' });
    expect(device.ids().filter((id) => [709, 706, 704, 702, 807].includes(id))).toEqual([704, 702, 807]);
    expect(device.ids()).toContain(100);
    expect(dataOf(device, 153)).toEqual({ From: 'Unknown', To: 'NotProvisioned' });
    expect(device.context.files.get(PROFILE_FILE)).toContain('"ErrorCode":807');
    expect(device.context.registry.get(CACHE, 'ProfileAvailable')).toBe(0);
  });

  it('8.2 no profile, a deleted profile, another serial: 815, 809, 908 as documented', async () => {
    for (const [code, text] of [
      ['ztd.815', 'no default profile found'],
      ['ztd.809', 'Assigned profile does not exist'],
      ['ztd.908', 'SerialNumberMismatch'],
    ] as const) {
      const number = Number(code.slice(4));
      const device = windowsOn(cloud(), machine);
      await withFault(cloud(), atTheProfile({ respond: { code } }), async () => {
        expect(await boot(device, machine.hash)).toMatchObject({ kind: 'none', code: number });
      });
      expect(String(dataOf(device, number)?.Message)).toContain(text);
    }
  });

  it('01-63 a 503 with a page: 708, then 707 with 0x801901F7, after three attempts', async () => {
    const device = windowsOn(cloud(), machine);
    const respond = { status: 503, headers: { 'Content-Type': 'text/html' }, body: '<html>Service Unavailable</html>' };
    await withFault(cloud(), atTheProfile({ respond }), async () => {
      expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x801901f7 });
    });
    expect(device.ids().filter((id) => [708, 707, 706, 193, 194].includes(id))).toEqual([708, 194, 193, 708, 194, 193, 708, 707]);
    expect(dataOf(device, 708)).toMatchObject({ HRESULT: '0x801901f7', Body: '<html>Service Unavailable</html>' });
    expect(dataOf(device, 707)).toMatchObject({ HRESULT: '0x801901f7' });
    expect(device.clock.waits).toEqual([5_000, 15_000]);
  });

  it('heeds Retry-After, in seconds and as a date, and gets through', async () => {
    for (const value of ['40', new Date(Date.now() + 40_000).toUTCString()]) {
      const device = windowsOn(cloud(), machine);
      const respond = { status: 429, headers: { 'Retry-After': value }, body: '' };
      await withFault(cloud(), atTheProfile({ respond }, { until: 1 }), async () => {
        expect(await boot(device, machine.hash)).toMatchObject({ kind: 'profile' });
      });
      const [wait = 0] = device.clock.waits;
      expect(device.clock.waits).toHaveLength(1);
      expect(Math.abs(wait - 40_000)).toBeLessThan(5_000);
    }
  });

  it('a ticket out of date is refused, and that is final: 708 and 707 with 0x80190191', async () => {
    const device = windowsOn(cloud(), machine);
    const { membername } = await addDevice(device.context);
    const fault = { service: 'msa', operation: 'DeviceTicket', match: { body: membername }, action: { token: { exp: -300 } } };
    await withFault(cloud(), fault, async () => {
      expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x80190191 });
    });
    expect(device.ids().filter((id) => [708, 707, 193].includes(id))).toEqual([708, 707]);
  });

  it('8.2 a device ticket that cannot be had: 710', async () => {
    const device = windowsOn(cloud(), machine);
    const { membername } = await addDevice(device.context);
    const fault = {
      service: 'msa',
      operation: 'DeviceTicket',
      match: { body: membername },
      action: { respond: { code: 'msa.BadCredentials' } },
    };
    await withFault(cloud(), fault, async () => {
      expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x80048823 });
    });
    expect(dataOf(device, 710)).toEqual({ HRESULT: '0x80048823', Url: 'https://ztd.dds.microsoft.com' });
    expect(device.requests).not.toContain('ztd GetProfile');
  });

  it('no answer at all is an expected error: 706', async () => {
    const device = windowsOn(cloud(), machine, {
      network: (network) => ({
        http: async (request) => {
          if (request.service === 'ztd') throw new NetworkError(0x80072ee2, 'timeout');
          return network.http(request);
        },
      }),
    });
    expect(await boot(device, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x80072ee2 });
    expect(dataOf(device, 706)).toMatchObject({ HRESULT: '0x80072ee2' });
    expect(device.clock.waits).toEqual([5_000, 15_000]);
  });

  it('05-10 is patient with login.live.com as well: too many requests, then a ticket', async () => {
    const device = windowsOn(cloud(), machine);
    const { membername } = await addDevice(device.context);
    const fault = {
      service: 'msa',
      operation: 'DeviceTicket',
      match: { body: membername, until: 2 },
      action: { respond: { code: 'msa.Throttled' } },
    };
    await withFault(cloud(), fault, async () => {
      expect(await boot(device, machine.hash)).toMatchObject({ kind: 'profile' });
    });
    expect(device.ids().filter((id) => [710, 194, 193, 703].includes(id))).toEqual([710, 194, 193, 710, 194, 193, 703]);
    expect(device.clock.waits).toEqual([5_000, 5_000]);
  });

  it('an account that cannot be had is a download that failed: 710, 706, 185, 314', async () => {
    const device = windowsOn(cloud(), machine, {
      network: () => ({
        http: async () => {
          throw new NetworkError(0x80072ee7, 'name not resolved');
        },
      }),
    });
    const result = await downloadProfile(device.context, { identity: () => addDevice(device.context), hardwareHash: machine.hash });
    expect(result).toMatchObject({ kind: 'failed', hresult: 0x80072ee7 });
    expect(device.ids().filter((id) => [706, 185, 314].includes(id))).toEqual([706, 185, 314]);
    expect(device.ids()).toContain(710);
    expect(device.context.registry.get(DIAGNOSTICS, 'IsAutoPilotDisabled')).toBe(1);
  });

  it('an earlier profile survives a boot without an answer, but not the landing page', async () => {
    const device = windowsOn(cloud(), machine);
    const identity = await addDevice(device.context);
    await downloadProfile(device.context, { identity, hardwareHash: machine.hash });
    await withFault(cloud(), atTheProfile({ respond: { code: 'ztd.503' } }), async () => {
      expect(await downloadProfile(device.context, { identity, hardwareHash: machine.hash })).toMatchObject({ kind: 'failed' });
      expect(device.context.registry.get(CACHE, 'ProfileAvailable')).toBe(1);
      expect(device.context.files.has(PROFILE_FILE)).toBe(true);
      expect(await refetchProfile(device.context, { identity, hardwareHash: machine.hash })).toMatchObject({ kind: 'failed' });
    });
    expect(device.context.registry.get(CACHE, 'ProfileAvailable')).toBe(0);
    expect(device.context.files.has(PROFILE_FILE)).toBe(false);
  });

  it('a refused device add is an error with its code', async () => {
    const device = windowsOn(cloud(), machine);
    await addDevice(device.context);
    device.context.registry.set('HKU\\S-1-5-18\\SOFTWARE\\Microsoft\\IdentityCRL\\DeviceIdentities\\production', 'Password', 'guess');
    await expect(addDevice(device.context)).rejects.toMatchObject({ hresult: 0x80048823 });
  });
});

describe('registry overrides and remediation', () => {
  const SETTINGS = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';

  it('asks for a ticket for the address in the registry; one that is no text is event 700 and not used', async () => {
    const device = windowsOn(cloud(), machine);
    device.context.registry.set(SETTINGS, 'DdsZtdMsaTicketUri', 1);
    expect(await boot(device, machine.hash)).toMatchObject({ kind: 'profile' });
    expect(dataOf(device, 700)).toMatchObject({ Name: 'DdsZtdMsaTicketUri' });
    const elsewhere = windowsOn(cloud(), machine);
    elsewhere.context.registry.set(SETTINGS, 'DdsZtdMsaTicketUri', 'https://other.dds.microsoft.com');
    expect(await boot(elsewhere, machine.hash)).toMatchObject({ kind: 'failed', hresult: 0x80190191 });
  });

  it('01-52 reports other hardware after a 908, and shows the MDM the same data', async () => {
    const device = windowsOn(cloud(), machine);
    const current = hashOf(machine, { serial: 'REPAIRED' });
    expect(await boot(device, current)).toEqual({ kind: 'none', code: 908, reason: 'SerialNumberMismatch' });
    const report = { identity: await addDevice(device.context), cachedHardwareBlob: machine.hash, currentHardwareBlob: current };
    const data = await reportHardwareMismatch(device.context, report);
    expect(device.context.files.get(REMEDIATION_FILE)).toBe('{"RemediationState":"automaticRemediationRequired"}');
    const row = await registrationOf(cloud(), registration.ztdId);
    expect(row).toMatchObject({ remediationState: 'automaticRemediationRequired', remediationData: data });
    device.context.registry.set(SETTINGS, 'DdsZtdMarkRemediationUri', 'ftp://ztd.dds.microsoft.com/');
    await expect(reportHardwareMismatch(device.context, report)).rejects.toMatchObject({ hresult: 0x83750001 });
    expect(dataOf(device, 711)).toEqual({ Url: 'ftp://ztd.dds.microsoft.com/' });
  });
});
