import { beforeAll, describe, expect, it } from '@jest/globals';
import { installProviders, prepareForReseal, setUpAccount, setUpDevice, StatusPage } from '@greenscreen/device/esp';
import { mdm } from '@greenscreen/mdm';
import { ManagedDevice } from '@greenscreen/model/intune';
import { DmSession } from '@greenscreen/model/mdm-session';
import { decodeSyncMessage } from '@greenscreen/wire/syncml';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { userToken } from '../mdm/support.js';
import { AGENT_MSI, app, assign, FIRST_SYNC, managedPc, type ManagedPc, settingsOf, SID, TRACKING } from './support.js';

const cloud = useCloud(mdm);
const em = () => cloud().context.dataSource.manager;

/** Reference 04, 7: the device's first package, with this device's own names. */
const PACKAGE_1 =
  '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx</LocURI></Target><Source><LocURI>ID</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data></Alert>' +
  '<Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta><Type xmlns="syncml:metinf">com.microsoft/MDM/LoginStatus</Type></Meta><Data>others</Data></Item></Alert>' +
  '<Alert><CmdID>4</CmdID><Data>1224</Data><Item><Meta><Type xmlns="syncml:metinf">com.microsoft/MDM/BootstrapSync</Type></Meta><Data>device</Data></Item></Alert>' +
  '<Replace><CmdID>5</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>ID</Data></Item>' +
  '<Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Contoso Devices</Data></Item><Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>Labbook 14</Data></Item>' +
  '<Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>1.3</Data></Item><Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>en-US</Data></Item></Replace><Final/></SyncBody></SyncML>';

describe('a device that is pre-provisioned', () => {
  let lab: TestTenant;
  let pc: ManagedPc;
  beforeAll(async () => {
    lab = await newTenant(cloud());
    await assign(cloud(), lab, {
      apps: [app('a1')],
      policies: [
        { uri: './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled', value: 0 },
        { uri: './User/Vendor/MSFT/Policy/Config/Start/HideAppList', value: 1 },
      ],
    });
    pc = await managedPc(cloud(), lab, { traits: { userScope405: 2 } });
    await installProviders(pc.context, pc.page, pc.management);
    await setUpDevice(pc.context, pc.page, pc.management);
  });

  it('04-37 opens its first session as Windows does', () => {
    const [first] = pc.sent('omadm');
    expect(first?.body).toBe(PACKAGE_1.replaceAll('>ID<', `>${pc.enrollment.deviceId}<`));
    expect(first?.headers).toMatchObject({
      'Content-Type': 'application/vnd.syncml.dm+xml',
      'User-Agent': 'MSFT OMA DM Client/1.2.0.1',
      'MS-CV': expect.stringMatching(/^[A-Za-z0-9+/]{16}\.0\.0\.0$/),
    });
    expect(first?.url).toBe('https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx?mode=Maintenance&Platform=WoA');
  });

  it('04-37 answers every command of a message, in order, and counts its sessions and messages', () => {
    const headers = pc.sent('omadm').map(({ body }) => decodeSyncMessage(body).header);
    const sessions = [...new Set(headers.map(({ sessionId }) => sessionId))];
    expect(sessions).toEqual(['1', '2', '3', '4']);
    for (const session of sessions)
      expect(headers.filter(({ sessionId }) => sessionId === session).map(({ msgId }) => Number(msgId))).toEqual(
        headers.filter(({ sessionId }) => sessionId === session).map((_, index) => index + 1),
      );
    const second = decodeSyncMessage(pc.sent('omadm')[1]?.body ?? '');
    expect(
      second.commands.map((command) => ('code' in command && 'cmd' in command ? `${command.cmd} ${command.code}` : command.verb)),
    ).toEqual(['SyncHdr 200', 'Get 200', 'Results', 'Get 200', 'Results', 'Get 404']);
  });

  it('04-56 comes through in the time that its installers take, and the server sees it green', async () => {
    expect((await pc.record()).state).toBe('provisioned');
    expect(pc.clock.waits).toEqual([30_000, 40_000]);
    expect(pc.requests.filter((request) => request === 'mdm-enroll RST')).toHaveLength(1);
  });

  it('05-33 says in its tree what the server wrote and what it did', () => {
    const { tree } = pc.management;
    expect(tree.read(`${AGENT_MSI}/Status`)).toBe('70');
    expect(tree.read(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`)).toBe('3');
    expect(tree.read(`${TRACKING}/Setup/Apps/Tracking/Sidecar/Win32App_a1_1/InstallationState`)).toBe('3');
    expect(tree.read(`${FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`)).toBe('1');
    expect(tree.get(`${TRACKING}/Setup/HasProvisioningCompleted`).value?.data).toBe('true');
  });

  it('05-33 logs the installers and the providers in their order', () => {
    const logged = pc.events().map(({ channel, id }) => `${channel} ${id}`);
    expect(logged.filter((event) => event.startsWith('autopilot'))).toEqual([292, 293, 287, 288, 297, 296].map((id) => `autopilot ${id}`));
    expect(logged.filter((event) => event.startsWith('dmedp'))).toEqual([72, 1905, 1906, 1920, 1922].map((id) => `dmedp ${id}`));
  });

  it('05-35 keeps the page in the registry, lines and silent steps', () => {
    expect(settingsOf(pc, 'DeviceSetup')).toMatchObject({
      categorySucceeded: true,
      'DeviceSetup.SecurityPoliciesSubcategory': {
        subcategoryState: 'succeeded',
        subcategoryStatusText: 'Security policies (1 of 1 applied)',
      },
      'DeviceSetup.AppsSubcategory': { subcategoryState: 'succeeded', subcategoryStatusText: 'Apps (1 of 1 installed)' },
      'DeviceSetup.SendResultsToMdmServer': { subcategoryState: 'succeeded' },
      'DeviceSetup.SaveWhiteGloveSuccessResult': { subcategoryState: 'succeeded' },
    });
    const [enrollment = ''] = pc.context.registry.subkeys('HKLM\\SOFTWARE\\Microsoft\\Enrollments');
    const key = `HKLM\\SOFTWARE\\Microsoft\\Enrollments\\${enrollment}\\FirstSync`;
    expect([pc.context.registry.get(key, 'SyncFailureTimeout'), pc.context.registry.get(key, 'BlockInStatusPage')]).toEqual([60, 3]);
    expect(pc.line('DeviceSetup.AppsSubcategory').map(({ text }) => text)).toEqual(['0 of 1 installed', '1 of 1 installed']);
  });

  it('04-56 after the reseal shows device setup again; then the user is associated and has a part of the page', async () => {
    prepareForReseal(pc.context, pc.management);
    const { tree } = pc.management;
    expect(tree.read(`${FIRST_SYNC}/ServerHasFinishedProvisioning`)).toBeUndefined();
    expect(tree.children(`${TRACKING}/Setup/Apps/Tracking/Sidecar`)).toEqual([]);
    const token = () => userToken(cloud(), lab, { deviceid: pc.records.deviceId });
    expect(await pc.management.associateUser(lab.user.upn, token)).toBe(true);
    const page = new StatusPage(pc.context);
    await setUpDevice(pc.context, page, pc.management);
    expect(pc.line('DeviceSetup.AppsSubcategory').at(-1)).toEqual({ state: 'succeeded', text: '1 of 1 installed' });
    expect(pc.requests.filter((request) => request === 'content MsiContent')).toHaveLength(1);
    await setUpAccount(pc.context, page, pc.management, { sid: SID });
    const { id, state } = await pc.record();
    expect(state).toBe('complete');
    expect(await em().findOneByOrFail(ManagedDevice, { id })).toMatchObject({
      userPrincipalName: lab.user.upn,
      complianceState: 'compliant',
    });
  });

  it('04-46 had refused two writes of the user’s part with 405; they came again in the next session and held', async () => {
    const statuses = pc.sent('omadm').flatMap(({ body }) => decodeSyncMessage(body).commands);
    expect(statuses.filter((command) => command.verb === 'Status' && command.code === 405)).toHaveLength(2);
    expect(pc.management.tree.read('./User/Vendor/MSFT/Policy/Config/Start/HideAppList')).toBe('1');
    // By then the five sessions of the first poll interval (3 minutes) are over.
    expect(pc.clock.waits.at(-1)).toBe(900_000);
    expect(await em().countBy(DmSession, { enrollmentId: (await pc.record()).id })).toBeGreaterThan(5);
  });
});
