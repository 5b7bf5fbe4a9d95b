import { type EntityManager } from 'typeorm';
import { DeploymentProfile, type OutOfBoxExperience, ProfileAssignment } from '../autopilot/index.js';
import { addDefaultManagement } from '../mdm-session/index.js';
import {
  Application,
  defaultCompliance,
  defaultDeviceSettings,
  defaultEsp,
  defaultRestrictions,
  DirectoryGroup,
  DirectoryUser,
  hashPassword,
  intuneMdmApplication,
  MdmApplication,
  type Switches,
  Tenant,
  TenantDomain,
} from '../tenancy/index.js';

export interface NewUser {
  readonly upn: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly isGlobalAdministrator?: boolean;
}

export interface NewTenant {
  readonly id: string;
  readonly displayName: string;
  /** `<name>.onmicrosoft.com` */
  readonly initialDomain: string;
  /** Further verified domains; the first becomes the default. */
  readonly domains: readonly string[];
  readonly users: readonly NewUser[];
  readonly password: string;
  readonly application: { readonly clientId: string; readonly secret: string };
  readonly switches?: Switches;
}

/** Source of ids, so that a seeded run gets the same ones. */
export interface IdSource {
  uuid(): string;
  /** Upper-case hexadecimal. */
  hexId(length: number): string;
  /** Never the same again: keys are made of them. */
  bytes(length: number): Buffer;
}

/** Application permissions of the lab's automation client on Microsoft Graph: what device management needs, and reading the directory. */
export const labRoles = [
  'DeviceManagementServiceConfig.ReadWrite.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
  'DeviceManagementManagedDevices.PrivilegedOperations.All',
  'DeviceManagementConfiguration.ReadWrite.All',
  'DeviceManagementApps.ReadWrite.All',
  'Device.ReadWrite.All',
  'Group.ReadWrite.All',
  'GroupMember.ReadWrite.All',
  'User.Read.All',
  'Directory.Read.All',
  'Organization.Read.All',
  'Domain.ReadWrite.All',
  'AuditLog.Read.All',
  'Application.Read.All',
];

const userDriven: OutOfBoxExperience = {
  privacySettingsHidden: true,
  eulaHidden: true,
  userType: 'standard',
  deviceUsageType: 'singleUser',
  keyboardSelectionPageSkipped: false,
  escapeLinkHidden: true,
};

/** The three profiles of design 3; the pre-provisioning one goes to every device. */
const profiles: readonly { name: string; preprovisioningAllowed: boolean; oobe: OutOfBoxExperience; everyDevice: boolean }[] = [
  { name: 'WG-Entra', preprovisioningAllowed: true, oobe: userDriven, everyDevice: true },
  {
    name: 'Self-Deploying',
    preprovisioningAllowed: false,
    oobe: { ...userDriven, deviceUsageType: 'shared', keyboardSelectionPageSkipped: true },
    everyDevice: false,
  },
  { name: 'User-Driven', preprovisioningAllowed: false, oobe: userDriven, everyDevice: false },
];

/** Makes a tenant as a lab wants it: users, the automation client, Intune as the one MDM application, deployment profiles. */
export async function createTenant(em: EntityManager, input: NewTenant, ids: IdSource, now: Date): Promise<Tenant> {
  const tenant = em.create(Tenant, {
    id: input.id,
    displayName: input.displayName,
    initialDomain: input.initialDomain.toLowerCase(),
    globalAdministratorRoleId: ids.uuid(),
    deviceAdministratorRoleId: ids.uuid(),
    intuneAccountId: ids.uuid(),
    switches: input.switches ?? {},
    esp: defaultEsp,
    deviceSettings: defaultDeviceSettings,
    enrollmentRestrictions: defaultRestrictions,
    compliance: defaultCompliance,
    defaultProfileId: null,
    createdAt: now,
  });
  await em.insert(Tenant, tenant);
  const others = input.domains.map((domain) => domain.toLowerCase());
  await em.insert(TenantDomain, [
    { domain: tenant.initialDomain, tenantId: tenant.id, isInitial: true, isDefault: others.length === 0 },
    ...others.map((domain, index) => ({ domain, tenantId: tenant.id, isInitial: false, isDefault: index === 0 })),
  ]);
  const passwordHash = await hashPassword(input.password);
  await em.insert(
    DirectoryUser,
    input.users.map((user) => ({
      isGlobalAdministrator: false,
      ...user,
      id: ids.uuid(),
      tenantId: tenant.id,
      upn: user.upn.toLowerCase(),
      passwordHash,
      puid: `1003${ids.hexId(6)}`,
      createdAt: now,
    })),
  );
  await em.insert(Application, {
    tenantId: tenant.id,
    clientId: input.application.clientId,
    displayName: 'Lab automation',
    servicePrincipalId: ids.uuid(),
    secretHash: await hashPassword(input.application.secret),
    roles: labRoles,
    scopes: [],
    redirectUris: ['http://localhost'],
  });
  await em.insert(MdmApplication, { tenantId: tenant.id, ...intuneMdmApplication, scope: 'all' });
  await em.insert(DirectoryGroup, {
    id: ids.uuid(),
    tenantId: tenant.id,
    displayName: 'Autopilot devices',
    membershipRule: '(device.devicePhysicalIDs -any (_ -startsWith "[ZTDID]"))',
    createdAt: now,
  });
  for (const [order, profile] of profiles.entries()) await addProfile(em, tenant.id, profile, ids, new Date(now.getTime() + order));
  await addDefaultManagement(em, tenant.id, ids, now);
  return tenant;
}

async function addProfile(em: EntityManager, tenantId: string, profile: (typeof profiles)[number], ids: IdSource, at: Date): Promise<void> {
  const id = ids.uuid();
  await em.insert(DeploymentProfile, {
    id,
    tenantId,
    displayName: profile.name,
    preprovisioningAllowed: profile.preprovisioningAllowed,
    outOfBoxExperience: profile.oobe,
    deviceNameTemplate: 'LAB-%RAND:5%',
    createdDateTime: at,
    lastModifiedDateTime: at,
  });
  if (profile.everyDevice)
    await em.insert(ProfileAssignment, { id: `${id}_allDevices_0`, tenantId, profileId: id, target: 'allDevices', createdAt: at });
}
