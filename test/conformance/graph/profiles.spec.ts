import { describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { errorOf, GraphClient, type Json, listOf, newDevice, objectOf } from './support.js';

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const KIOSK_RULE = '(device.devicePhysicalIds -any (_ -eq "[OrderID]:Kiosk"))';

describe('deployment profiles', () => {
  const cloud = useCloud(graph);
  const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));

  const profileNamed = async (own: GraphClient, name: string): Promise<string> =>
    String((await own.list(`${PROFILES}?$filter=displayName eq '${name}'`))[0]?.id);
  const group = async (own: GraphClient, rule?: string): Promise<string> =>
    String(
      (await own.post('/v1.0/groups', { displayName: 'G', ...(rule ? { groupTypes: ['DynamicMembership'], membershipRule: rule } : {}) }))
        .id,
    );
  const assign = (own: GraphClient, profile: string, target: Json): Promise<Json> =>
    own.post(`${PROFILES}/${profile}/assignments`, { id: `${profile}_x_0`, target });
  const toGroup = (own: GraphClient, profile: string, groupId: string, type = 'groupAssignmentTarget'): Promise<Json> =>
    assign(own, profile, { '@odata.type': `#microsoft.graph.${type}`, groupId });
  const profileOf = async (own: GraphClient, ztdId: string): Promise<unknown> =>
    ((await own.identity(ztdId, '?$expand=deploymentProfile')).deploymentProfile as Json | null)?.displayName;

  it('01-30 a profile comes back under its present and its former names', async () => {
    const own = await client();
    const posted = await own.post(PROFILES, {
      '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
      displayName: 'Laptops',
      preprovisioningAllowed: true,
      outOfBoxExperienceSetting: {
        privacySettingsHidden: true,
        eulaHidden: true,
        userType: 'standard',
        deviceUsageType: 'singleUser',
        keyboardSelectionPageSkipped: true,
        escapeLinkHidden: true,
      },
      deviceNameTemplate: 'MB-%SERIAL%',
      language: 'en-US',
    });
    const profile = await own.get(`${PROFILES}/${String(posted.id)}`);
    expect(profile).toMatchObject({
      displayName: 'Laptops',
      preprovisioningAllowed: true,
      enableWhiteGlove: true,
      locale: 'en-US',
      language: 'en-US',
      hardwareHashExtractionEnabled: false,
      extractHardwareHash: false,
      outOfBoxExperienceSetting: { privacySettingsHidden: true, userType: 'standard', escapeLinkHidden: true },
      outOfBoxExperienceSettings: {
        hidePrivacySettings: true,
        hideEULA: true,
        userType: 'standard',
        skipKeyboardSelectionPage: true,
        hideEscapeLink: true,
      },
    });
    // As clients do it: the whole entity back, with the former names only.
    const { preprovisioningAllowed: _new, outOfBoxExperienceSetting: _newer, ...former } = profile;
    void _new;
    void _newer;
    const patched = objectOf(
      await own.call('PATCH', `${PROFILES}/${String(posted.id)}`, { ...former, enableWhiteGlove: false, unknownMember: 1 }),
      200,
    );
    expect(patched).toMatchObject({ preprovisioningAllowed: false, enableWhiteGlove: false, locale: 'en-US', displayName: 'Laptops' });
    expect(errorOf(await own.call('POST', PROFILES, { displayName: 'X', deviceNameTemplate: 'MUCH-TOO-LONG-A-%SERIAL%' })).status).toBe(
      400,
    );
    expect(errorOf(await own.call('POST', PROFILES, { description: 'nameless' })).status).toBe(400);
  });

  it("01-31 the id of an assignment is the client's: profile, group, 0", async () => {
    const own = await client();
    const [profile, groupId] = [await profileNamed(own, 'User-Driven'), await group(own)];
    const assignment = await toGroup(own, profile, groupId);
    expect(assignment).toMatchObject({ id: `${profile}_${groupId}_0`, target: { groupId } });
    expect(await own.list(`${PROFILES}/${profile}/assignments`)).toMatchObject([{ id: assignment.id, target: { groupId } }]);
    expect(errorOf(await own.call('DELETE', `${PROFILES}/${profile}`))).toMatchObject({ status: 400, code: 'BadRequest' });
    const address = `${PROFILES}/${profile}/assignments/${String(assignment.id)}`;
    expect((await own.call('DELETE', address)).status).toBe(204);
    expect(errorOf(await own.call('DELETE', address)).status).toBe(404);
    expect((await own.call('DELETE', `${PROFILES}/${profile}`)).status).toBe(204);
    const unknown = {
      target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: '00000000-0000-4000-8000-000000000000' },
    };
    expect(errorOf(await own.call('POST', `${PROFILES}/${await profileNamed(own, 'WG-Entra')}/assignments`, unknown)).status).toBe(400);
  });

  it('01-32 a self-deploying profile fails on a device without a TPM 2.0', async () => {
    const own = await client();
    const shared = await profileNamed(own, 'Self-Deploying');
    await toGroup(own, shared, await group(own, KIOSK_RULE));
    const withTpm = await own.register(undefined, { groupTag: 'Kiosk' });
    const without = await own.register(
      newDevice({ tpmVersion: "TPM-Version:1.2 -Level:0-Revision:1.16-VendorID:'IFX'-Firmware:1.2" }).hash,
      { groupTag: 'kiosk' },
    );
    expect(await own.identity(withTpm)).toMatchObject({
      deploymentProfileAssignmentStatus: 'assignedInSync',
      deploymentProfileAssignmentDetailedStatus: 'none',
    });
    expect(await own.identity(without, '?$expand=deploymentProfile,intendedDeploymentProfile')).toMatchObject({
      deploymentProfileAssignmentStatus: 'failed',
      deploymentProfileAssignmentDetailedStatus: 'hardwareRequirementsNotMet',
      deploymentProfile: null,
      intendedDeploymentProfile: { id: shared },
    });
    expect(await own.list(`${PROFILES}/${shared}/assignedDevices`)).toMatchObject([{ id: withTpm }]);
  });

  it('direct assignments beat groups, groups beat all devices, exclusions count, the older profile wins', async () => {
    const own = await client();
    const [wg, shared, user] = await Promise.all(['WG-Entra', 'Self-Deploying', 'User-Driven'].map((name) => profileNamed(own, name)));
    if (!wg || !shared || !user) throw new Error('The seeded profiles are missing');
    const ztdId = await own.register(undefined, { groupTag: 'Kiosk' });
    expect(await profileOf(own, ztdId)).toBe('WG-Entra');
    const dynamic = await group(own, KIOSK_RULE);
    await toGroup(own, user, dynamic);
    expect(await profileOf(own, ztdId)).toBe('User-Driven');
    await toGroup(own, shared, dynamic);
    expect(await profileOf(own, ztdId)).toBe('Self-Deploying');
    const fixed = await group(own);
    const { azureActiveDirectoryDeviceId } = await own.identity(ztdId);
    const object = await own.device(azureActiveDirectoryDeviceId);
    const member = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${String(object?.id)}` };
    await toGroup(own, shared, fixed, 'exclusionGroupAssignmentTarget');
    expect((await own.call('POST', `/v1.0/groups/${fixed}/members/$ref`, member)).status).toBe(204);
    expect(await profileOf(own, ztdId)).toBe('User-Driven');
    expect((await own.call('POST', `${PROFILES}/${wg}/assign`, { deviceIds: [ztdId] })).status).toBe(204);
    expect(await profileOf(own, ztdId)).toBe('WG-Entra');
    expect(
      errorOf(await own.call('POST', `${PROFILES}/${wg}/assign`, { deviceIds: ['00000000-0000-4000-8000-000000000000'] })).status,
    ).toBe(404);
    expect((await own.call('DELETE', `/v1.0/groups/${fixed}/members/${String(object?.id)}/$ref`)).status).toBe(204);
    expect(await own.list(`${PROFILES}/${wg}/assignments`)).toMatchObject([
      { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } },
    ]);
  });

  it('assignments take their time, never take effect, or fail, as the tenant wants', async () => {
    const slow = await client({ 'graph.profileAssignDelayMs': 60_000 });
    const ztdId = await slow.register();
    expect(await slow.identity(ztdId, '?$expand=deploymentProfile,intendedDeploymentProfile')).toMatchObject({
      deploymentProfileAssignmentStatus: 'pending',
      deploymentProfile: null,
      intendedDeploymentProfile: { displayName: 'WG-Entra' },
    });
    await cloud().context.clock.advance(slow.lab.tenant.id, 61_000);
    expect(await slow.identity(ztdId, '?$expand=deploymentProfile')).toMatchObject({
      deploymentProfileAssignmentStatus: 'assignedInSync',
      deploymentProfile: { displayName: 'WG-Entra' },
    });
    for (const [outcome, status] of [
      ['pending', 'pending'],
      ['failed', 'failed'],
    ] as const) {
      const own = await client({ 'graph.profileAssign': outcome });
      const id = await own.register();
      await cloud().context.clock.advance(own.lab.tenant.id, 3_000_000);
      expect(await own.identity(id, '?$expand=deploymentProfile')).toMatchObject({
        deploymentProfileAssignmentStatus: status,
        deploymentProfile: null,
      });
    }
  });

  it('a profile that is deleted although it is assigned stays on its devices as a dead id', async () => {
    const own = await client({ 'graph.allowDeleteAssigned': true });
    const ztdId = await own.register();
    expect((await own.call('DELETE', `${PROFILES}/${await profileNamed(own, 'WG-Entra')}`)).status).toBe(204);
    expect(await own.identity(ztdId, '?$expand=deploymentProfile')).toMatchObject({
      deploymentProfileAssignmentStatus: 'assignedInSync',
      deploymentProfile: null,
    });
    expect((await own.call('POST', '/beta/deviceManagement/windowsAutopilotSettings/sync')).status).toBe(204);
    expect(await own.identity(ztdId)).toMatchObject({ deploymentProfileAssignmentStatus: 'notAssigned' });
  });

  it('lists, selects and expands profiles', async () => {
    const own = await client();
    const chosen = await own.list(`${PROFILES}?$select=displayName`);
    expect(chosen.map(({ displayName }) => displayName)).toEqual(['WG-Entra', 'Self-Deploying', 'User-Driven']);
    expect(new Set(chosen.flatMap((profile) => Object.keys(profile)))).toEqual(new Set(['@odata.type', 'displayName']));
    const page = await own.get(`${PROFILES}?$expand=assignments&$filter=enableWhiteGlove eq true`);
    expect(listOf(page)).toMatchObject([
      { displayName: 'WG-Entra', assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }] },
    ]);
    expect(errorOf(await own.call('GET', `${IDENTITIES}?$filter=enableWhiteGlove eq true`)).status).toBe(400);
  });
});
