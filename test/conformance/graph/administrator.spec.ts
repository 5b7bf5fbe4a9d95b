import { describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import {
  AdministratorError,
  type Http,
  importAutopilotCsv,
  importHardwareHash,
  offlineProfile,
} from '@greenscreen/scenarios/administrator';
import { sts } from '@greenscreen/sts';
import { AutopilotCsvError, encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { GraphClient, newDevice } from './support.js';

interface Seen {
  readonly http: Http;
  /** `POST /beta/…` with ids replaced, in the order of the calls. */
  readonly calls: string[];
}

describe("the administrator's script", () => {
  const cloud = useCloud(sts, graph);

  function seeing(): Seen {
    const calls: string[] = [];
    const http: Http = async ({ method = 'GET', url, headers, body }) => {
      const { pathname, search } = new URL(url);
      calls.push(`${method} ${pathname}${decodeURIComponent(search)}`.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*'));
      const response = await cloud().request(url, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) });
      return { ...response, headers: {}, header: () => undefined };
    };
    return { http, calls };
  }
  const credentials = ({ tenant, clientId, clientSecret }: TestTenant) => ({ tenantId: tenant.id, clientId, clientSecret });
  const csvOf = (...devices: ReturnType<typeof newDevice>[]): Buffer =>
    encodeAutopilotCsv(
      devices.map(({ serial, hash }) => ({ serialNumber: serial, hardwareHash: hash })),
      'utf16le',
    );

  /** `10 × POST /beta/…`: a script goes step by step through all devices. */
  const inRuns = (calls: readonly string[]): string[] => {
    const runs: { call: string; times: number }[] = [];
    for (const call of calls) {
      const last = runs.at(-1);
      if (last?.call === call) last.times++;
      else runs.push({ call, times: 1 });
    }
    return runs.map(({ call, times }) => (times === 1 ? call : `${times} × ${call}`));
  };

  it('01-36 imports ten devices, puts them into a group, names them and waits for their profile, call by call', async () => {
    const lab = await newTenant(cloud());
    const client = await GraphClient.of(cloud(), lab);
    await client.post('/v1.0/groups', { displayName: "Lobby's kiosks", mailEnabled: false, securityEnabled: true });
    const devices = Array.from({ length: 10 }, () => newDevice());
    const { http, calls } = seeing();
    const { imported, failed } = await importHardwareHash(http, {
      ...credentials(lab),
      csv: csvOf(...devices),
      groupTag: 'Kiosk',
      user: lab.user.upn,
      addToGroup: "Lobby's kiosks",
      computerName: 'KIOSK-1',
      assign: true,
    });
    expect(failed).toEqual([]);
    expect(imported.map(({ serialNumber }) => serialNumber)).toEqual(devices.map(({ serial }) => serial));
    const [search, join] = ['GET /v1.0/devices?$search=deviceId:*', 'POST /v1.0/groups/*/members/$ref'];
    expect(inRuns(calls)).toEqual([
      'POST /*/oauth2/v2.0/token',
      '10 × POST /beta/deviceManagement/importedWindowsAutopilotDeviceIdentities',
      '10 × GET /beta/deviceManagement/importedWindowsAutopilotDeviceIdentities/*',
      '10 × GET /beta/deviceManagement/windowsAutopilotDeviceIdentities/*',
      "GET /v1.0/groups?$filter=DisplayName eq 'Lobby''s kiosks'",
      ...devices.flatMap(() => [search, join]),
      '10 × POST /beta/deviceManagement/windowsAutopilotDeviceIdentities/*/UpdateDeviceProperties',
      '10 × GET /beta/deviceManagement/windowsAutopilotDeviceIdentities/*?$expand=deploymentProfile,intendedDeploymentProfile',
    ]);
    for (const { ztdId } of imported)
      expect(await client.identity(ztdId)).toMatchObject({ groupTag: 'Kiosk', userPrincipalName: lab.user.upn, displayName: 'KIOSK-1' });
    const [group] = await client.list("/v1.0/groups?$filter=displayName eq 'Lobby''s kiosks'");
    const members = await client.list(`/v1.0/groups/${String(group?.id)}/members`);
    expect(new Set(members.map(({ deviceId }) => deviceId))).toEqual(new Set(imported.map(({ entraDeviceId }) => entraDeviceId)));
  });

  it('imports ten devices, two of which the service refuses', async () => {
    const lab = await newTenant(cloud());
    const devices = Array.from({ length: 8 }, () => newDevice());
    const [first] = devices;
    const broken = { ...newDevice(), hash: Buffer.alloc(3000, 1).toString('base64') };
    const { imported, failed } = await importHardwareHash(seeing().http, {
      ...credentials(lab),
      csv: csvOf(...devices, ...(first ? [first] : []), broken),
    });
    expect(imported.map(({ serialNumber }) => serialNumber)).toEqual(devices.map(({ serial }) => serial));
    expect(failed).toMatchObject([
      { serialNumber: first?.serial, status: 'error', errorCode: 806, errorName: 'ZtdDeviceAlreadyAssigned' },
      { serialNumber: broken.serial, status: 'error', errorCode: 802, errorName: 'InvalidZtdHardwareHash' },
    ]);
  });

  it('imports a CSV file and deletes every record afterwards; the devices stay', async () => {
    const lab = await newTenant(cloud(), { 'graph.pageSize': 3 });
    const client = await GraphClient.of(cloud(), lab);
    const devices = Array.from({ length: 10 }, () => newDevice());
    const { imported, failed } = await importAutopilotCsv(seeing().http, { ...credentials(lab), csv: csvOf(...devices) });
    expect({ imported: imported.length, failed: failed.length }).toEqual({ imported: 10, failed: 0 });
    expect(await client.list('/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities')).toEqual([]);
    expect(await client.list('/beta/deviceManagement/windowsAutopilotDeviceIdentities?$count=true')).toHaveLength(3);
    expect(await client.get('/beta/deviceManagement/windowsAutopilotDeviceIdentities?$count=true')).toMatchObject({ '@odata.count': 10 });
  });

  it('exports the file for PCs that are not registered, of a profile and the organization', async () => {
    const lab = await newTenant(cloud());
    const client = await GraphClient.of(cloud(), lab);
    const outOfBoxExperienceSetting = {
      privacySettingsHidden: true,
      eulaHidden: true,
      userType: 'standard',
      deviceUsageType: 'singleUser',
      keyboardSelectionPageSkipped: true,
      escapeLinkHidden: true,
    };
    const profile = { displayName: 'Existing PCs', locale: 'de-DE', deviceNameTemplate: 'PC-%RAND:3%', outOfBoxExperienceSetting };
    const path = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
    await client.post(path, { '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile', ...profile }, 201);
    expect(await offlineProfile(seeing().http, { ...credentials(lab), profile: 'Existing PCs' })).toMatchObject({
      Comment_File: 'Profile Existing PCs',
      CloudAssignedDeviceName: 'PC-%RAND:3%',
      CloudAssignedOobeConfig: 1310,
      CloudAssignedLanguage: 'de-DE',
      CloudAssignedForcedEnrollment: 1,
      CloudAssignedTenantId: lab.tenant.id,
      CloudAssignedTenantDomain: lab.user.upn.split('@')[1],
    });
    const other = offlineProfile(seeing().http, { ...credentials(lab), profile: 'Other' });
    await expect(other).rejects.toThrow('there is no profile "Other"');
  });

  it('waits for a delayed import by the clock that it is given', async () => {
    const lab = await newTenant(cloud(), { 'graph.importDelayMs': 60_000, 'graph.importSyncDelayMs': 30_000 });
    const pauses: number[] = [];
    const pause = async (milliseconds: number): Promise<void> => {
      pauses.push(milliseconds);
      await cloud().context.clock.advance(lab.tenant.id, milliseconds);
    };
    const { imported } = await importHardwareHash(seeing().http, { ...credentials(lab), csv: csvOf(newDevice()), pause, interval: 30_000 });
    expect(imported).toHaveLength(1);
    expect(pauses).toEqual([30_000, 30_000, 30_000]);
  });

  it('gives up on an import that never ends, and says what failed otherwise', async () => {
    const lab = await newTenant(cloud(), { 'graph.importStuckUnknown': true });
    const { http } = seeing();
    const patience = { pause: async () => undefined, looks: 3 };
    await expect(importHardwareHash(http, { ...credentials(lab), csv: csvOf(newDevice()), ...patience })).rejects.toThrow(
      AdministratorError,
    );
    const wrong = { ...credentials(lab), clientSecret: 'wrong' };
    await expect(importHardwareHash(http, { ...wrong, csv: csvOf(newDevice()) })).rejects.toMatchObject({ step: 'token', status: 401 });
  });

  it('refuses a wrong header, a broken hash and 501 rows before the first call', async () => {
    const lab = await newTenant(cloud());
    const { http, calls } = seeing();
    const header = 'Device Serial Number,Windows Product ID,Hardware Hash';
    const { hash } = newDevice();
    for (const csv of [
      `device serial number,Windows Product ID,Hardware Hash\r\nLAB-1,,${hash}`,
      `${header}\r\nLAB-1,,${hash.slice(0, 3999)}`,
      [header, ...Array.from({ length: 501 }, (_, index) => `LAB-${index},,${hash}`)].join('\r\n'),
    ])
      await expect(importHardwareHash(http, { ...credentials(lab), csv })).rejects.toThrow(AutopilotCsvError);
    expect(calls).toEqual([]);
  });
});
