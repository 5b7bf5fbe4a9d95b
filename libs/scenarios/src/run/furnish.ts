import { type DeviceNetwork } from '@greenscreen/device/context';
import { GraphSession, textOf } from '../administrator/index.js';
import { type ControlClient, type RunTenant } from '../cloud/index.js';
import { type ScenarioTenant } from '../format/index.js';

export interface Furnishing {
  readonly control: ControlClient;
  /** The administrator's own computer. */
  readonly office: DeviceNetwork;
  readonly tenant: RunTenant;
}

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const USUAL = 'WG-Entra';
const profileTypes = {
  entra: '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
  hybrid: '#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile',
} as const;
/** Bits of CloudAssignedOobeConfig that an administrator chooses (reference 05, A.2). */
const bits = { standardUser: 2, skipExpress: 4, skipEula: 16, skipKeyboard: 1024 } as const;

/** Gives a tenant what the scenario says of it (reference 05, C.3): a new one, or one that was furnished before. */
export async function furnish(bench: Furnishing, wanted: ScenarioTenant, before?: ScenarioTenant): Promise<void> {
  const { control, tenant } = bench;
  const change = settingsOf(wanted, tenant);
  if (Object.keys(change).length > 0) await control.changeTenant(tenant.id, change);
  const { groups, apps, policies, wifi, trustedRoots } = wanted;
  await control.assign(tenant.id, { groups, apps, policies, wifi, trustedRoots });
  if (hasOwnProfile(wanted) || (before && hasOwnProfile(before))) await setProfile(bench, wanted, before);
}

function settingsOf(
  { mdm, entra, esp, certificates, compliance, switches }: ScenarioTenant,
  { users }: RunTenant,
): Record<string, unknown> {
  const { apps, restrictions, licenses, techToUserMinMinutes } = mdm;
  const named = { ...switches, ...(techToUserMinMinutes === undefined ? {} : { 'mdm.techToUserMinMinutes': techToUserMinMinutes }) };
  const parts: Record<string, unknown> = {
    esp: { ...esp, ...(certificates.length > 0 ? { certificates } : {}) },
    deviceSettings: entra.deviceSettings,
    restrictions,
    compliance,
    switches: named,
    mdmApplications: apps,
    users: licenses && users.map((upn) => ({ name: upn, intuneLicensed: licenses.some((name) => upn.startsWith(`${name}@`)) })),
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => Array.isArray(value) || (typeof value === 'object' && Object.keys(value ?? {}).length > 0)),
  );
}

/** A new tenant's own profile is what most scenarios want. */
const hasOwnProfile = ({ autopilot: { profile, assignment } }: ScenarioTenant): boolean =>
  profile.name !== USUAL ||
  profile.joinType !== 'entra' ||
  !profile.preprovisioningAllowed ||
  profile.oobeConfig !== undefined ||
  profile.deviceNameTemplate !== undefined ||
  assignment !== 'assigned';

/** As an administrator does it in the portal, which speaks Graph. */
async function setProfile(
  { office, tenant }: Furnishing,
  { autopilot: { profile, assignment } }: ScenarioTenant,
  before?: ScenarioTenant,
): Promise<void> {
  const graph = await GraphSession.open((request) => office.http(request), {
    tenantId: tenant.id,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
  });
  const profiles = await graph.list({ operation: 'ListProfiles', path: PROFILES });
  const idOf = (name: string): string => textOf(profiles.find((entry) => textOf(entry, 'displayName') === name) ?? {}, 'id');
  const id = idOf(USUAL) || idOf(profile.name);
  const { oobeConfig } = profile;
  await graph.call({
    operation: 'UpdateProfile',
    method: 'PATCH',
    path: `${PROFILES}/${id}`,
    body: {
      '@odata.type': profileTypes[profile.joinType],
      displayName: profile.name,
      preprovisioningAllowed: profile.preprovisioningAllowed,
      ...(profile.deviceNameTemplate === undefined ? {} : { deviceNameTemplate: profile.deviceNameTemplate }),
      ...(oobeConfig === undefined ? {} : { outOfBoxExperienceSetting: experienceOf(oobeConfig) }),
    },
  });
  const allDevices = `${PROFILES}/${id}/assignments/${id}_allDevices_0`;
  if (assignment === 'none') await graph.call({ operation: 'DeleteAssignment', method: 'DELETE', path: allDevices });
  if (assignment === 'conflict') await assignToAll(graph, idOf('User-Driven'));
  if (assignment === 'assigned' && before?.autopilot.assignment === 'none') await assignToAll(graph, id);
}

const experienceOf = (config: number): Record<string, unknown> => ({
  userType: (config & bits.standardUser) !== 0 ? 'standard' : 'administrator',
  privacySettingsHidden: (config & bits.skipExpress) !== 0,
  eulaHidden: (config & bits.skipEula) !== 0,
  keyboardSelectionPageSkipped: (config & bits.skipKeyboard) !== 0,
});

const assignToAll = (graph: GraphSession, id: string): Promise<unknown> =>
  graph.call({
    operation: 'CreateAssignment',
    method: 'POST',
    path: `${PROFILES}/${id}/assignments`,
    body: { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } },
  });
