/** What a call needs; any one of the names will do, as an application permission (`roles`) or a delegated one (`scp`). No name: nothing. */
export interface Permission {
  readonly anyOf: readonly string[];
  /** Delegated callers also need a role in the directory. What everybody may see has false. */
  readonly administrator: boolean;
}

const needs = (...anyOf: string[]): Permission => ({ anyOf, administrator: true });
const open = (...anyOf: string[]): Permission => ({ anyOf, administrator: false });

const serviceConfigWrite = 'DeviceManagementServiceConfig.ReadWrite.All';
const configurationWrite = 'DeviceManagementConfiguration.ReadWrite.All';
const appsWrite = 'DeviceManagementApps.ReadWrite.All';
const directoryRead = ['Directory.Read.All', 'Directory.ReadWrite.All', 'Directory.AccessAsUser.All'];
const directoryWrite = ['Directory.ReadWrite.All', 'Directory.AccessAsUser.All'];

/** Permissions of the Graph reference [doc] (reference 01, 3.1). */
export const permissions = {
  /** Any token will do. */
  anyone: open(),
  serviceConfigRead: needs('DeviceManagementServiceConfig.Read.All', serviceConfigWrite),
  serviceConfigWrite: needs(serviceConfigWrite),
  managedDevicesRead: needs('DeviceManagementManagedDevices.Read.All', 'DeviceManagementManagedDevices.ReadWrite.All'),
  managedDevicesWrite: needs('DeviceManagementManagedDevices.ReadWrite.All'),
  managedDevicesOperate: needs('DeviceManagementManagedDevices.PrivilegedOperations.All'),
  configurationRead: needs('DeviceManagementConfiguration.Read.All', configurationWrite),
  configurationWrite: needs(configurationWrite),
  appsRead: needs('DeviceManagementApps.Read.All', appsWrite),
  appsWrite: needs(appsWrite),
  enrollmentConfigurationRead: needs(
    'DeviceManagementServiceConfig.Read.All',
    serviceConfigWrite,
    'DeviceManagementConfiguration.Read.All',
    configurationWrite,
  ),
  enrollmentConfigurationWrite: needs(serviceConfigWrite, configurationWrite),
  devicesRead: open('Device.Read.All', 'Device.ReadWrite.All', ...directoryRead),
  devicesWrite: needs('Device.ReadWrite.All', ...directoryWrite),
  groupsRead: open('Group.Read.All', 'Group.ReadWrite.All', 'GroupMember.Read.All', 'GroupMember.ReadWrite.All', ...directoryRead),
  groupsWrite: needs('Group.ReadWrite.All', ...directoryWrite),
  groupMembersWrite: needs('GroupMember.ReadWrite.All', 'Group.ReadWrite.All', ...directoryWrite),
  usersRead: open('User.Read.All', 'User.ReadBasic.All', 'User.ReadWrite.All', ...directoryRead),
  me: open('User.Read', 'User.ReadWrite', 'User.Read.All', ...directoryRead),
  organizationRead: open('Organization.Read.All', 'Organization.ReadWrite.All', 'User.Read', ...directoryRead),
  domainsRead: open('Domain.Read.All', 'Domain.ReadWrite.All', ...directoryRead),
  domainsWrite: needs('Domain.ReadWrite.All', 'Domain-InternalFederation.ReadWrite.All', 'Directory.AccessAsUser.All'),
  auditRead: needs('AuditLog.Read.All', 'Directory.AccessAsUser.All'),
  intuneAuditRead: needs('DeviceManagementApps.Read.All', 'DeviceManagementApps.ReadWrite.All', 'AuditLog.Read.All'),
  applicationsRead: open('Application.Read.All', 'Application.ReadWrite.All', 'User.Read', ...directoryRead),
} satisfies Record<string, Permission>;
