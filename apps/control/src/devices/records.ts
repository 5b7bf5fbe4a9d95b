import { AutopilotDevice, DeploymentEvent } from '@greenscreen/model/autopilot';
import { DeviceCertificate, DeviceUser, EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { attestationView } from './attestation-view.js';

const ZERO_GUID = '00000000-0000-0000-0000-000000000000';
const NEVER = '0001-01-01T00:00:00Z';

/** A device's records side by side, in the vocabulary of reference 05, A.7. Null: there is no such record. */
export interface DeviceRecords {
  readonly AP: Record<string, unknown> | null;
  readonly DEV: Record<string, unknown> | null;
  readonly MD: Record<string, unknown> | null;
  readonly EVT: Record<string, unknown> | null;
  /** What the attestation services know of the TPM; null for a registration without an EK. */
  readonly TPM: Record<string, unknown> | null;
  /** How many of each there are: more than one is a finding. */
  readonly counts: { AP: number; DEV: number; MD: number; EVT: number };
}

/**
 * Reads what the cloud knows of the device with this serial number. A run stands still meanwhile, so what can be asked at once is. A directory
 * object has no serial number: that of a PC which is not registered for Autopilot is found by the id in its certificate.
 */
export async function deviceRecords(em: EntityManager, tenantId: string, serial: string, entraDeviceId?: string): Promise<DeviceRecords> {
  const [identities, managed] = await Promise.all([
    em.find(AutopilotDevice, { where: { tenantId, serialNumber: serial }, order: { createdAt: 'DESC' } }),
    em.find(ManagedDevice, { where: { tenantId, serialNumber: serial }, order: { enrolledDateTime: 'DESC' } }),
  ]);
  const identity = identities[0];
  const [objects, events, tpm] = await Promise.all([
    identity ? objectsOf(em, identity) : objectsById(em, tenantId, entraDeviceId ?? managed[0]?.entraDeviceId),
    identity ? em.find(DeploymentEvent, { where: { ztdId: identity.ztdId }, order: { startedAt: 'DESC' } }) : [],
    identity?.ekHash == null ? null : attestationView(em, identity.ekHash),
  ]);
  const object = objects.find(({ deviceId }) => deviceId === identity?.entraDeviceId) ?? objects[0];
  return {
    AP: identity ? autopilotView(identity) : null,
    DEV: object ? await directoryView(em, object) : null,
    MD: managed[0] ? managedView(managed[0]) : null,
    EVT: events[0] ? eventView(events[0]) : null,
    TPM: tpm,
    counts: { AP: identities.length, DEV: objects.length, MD: managed.length, EVT: events.length },
  };
}

async function objectsOf(em: EntityManager, identity: AutopilotDevice): Promise<EntraDevice[]> {
  return em
    .createQueryBuilder(EntraDevice, 'device')
    .where('device.tenantId = :tenantId AND device.state <> :deleted', { tenantId: identity.tenantId, deleted: 'deleted' })
    .andWhere('(device.deviceId = :deviceId OR device.physicalIds @> ARRAY[:ztdId])', {
      deviceId: identity.entraDeviceId,
      ztdId: `[ZTDID]:${identity.ztdId}`,
    })
    .getMany();
}

const objectsById = async (em: EntityManager, tenantId: string, deviceId: string | null | undefined): Promise<EntraDevice[]> =>
  deviceId ? em.findBy(EntraDevice, { tenantId, deviceId, state: Not('deleted' as const) }) : [];

function autopilotView(device: AutopilotDevice): Record<string, unknown> {
  return {
    id: device.ztdId,
    serialNumber: device.serialNumber,
    enrollmentState: device.enrollmentState,
    managedDeviceId: device.managedDeviceId ?? ZERO_GUID,
    azureActiveDirectoryDeviceId: device.entraDeviceId ?? ZERO_GUID,
    userlessEnrollmentStatus: device.userlessEnrollmentStatus,
    nextEnrollmentAllowed: device.userlessEnrollmentStatus !== 'blocked',
    lastContactedDateTime: device.lastContactedAt?.toISOString() ?? NEVER,
    deploymentProfileAssignmentStatus: device.assignmentStatus,
    groupTag: device.groupTag,
    userPrincipalName: device.userPrincipalName,
    remediationState: device.remediationState,
  };
}

async function directoryView(em: EntityManager, device: EntraDevice): Promise<Record<string, unknown>> {
  const [certificates, links] = await Promise.all([
    em.findBy(DeviceCertificate, { objectId: device.objectId, replacedAt: IsNull() }),
    em.findBy(DeviceUser, { objectId: device.objectId }),
  ]);
  const users = links.length > 0 ? await em.findBy(DirectoryUser, { id: In(links.map(({ userId }) => userId)) }) : [];
  const related = (relation: DeviceUser['relation']): object[] =>
    links
      .filter((link) => link.relation === relation)
      .flatMap((link) => users.filter(({ id }) => id === link.userId).map(({ id, upn }) => ({ id, userPrincipalName: upn })));
  return {
    id: device.objectId,
    deviceId: device.deviceId,
    accountEnabled: device.accountEnabled,
    lifecycle: lifecycleOf(device),
    trustType: device.trustType,
    profileType: device.profileType,
    displayName: device.displayName,
    operatingSystem: device.operatingSystem,
    operatingSystemVersion: device.operatingSystemVersion,
    physicalIds: device.physicalIds,
    alternativeSecurityIds: certificates.map(({ thumbprint, publicKeyHash }) => ({ type: 2, thumbprint, publicKeyHash })),
    registeredOwners: related('owner'),
    registeredUsers: related('user'),
    mdmAppId: device.mdmAppId,
    isManaged: device.isManaged,
    isCompliant: device.isCompliant,
    enrollmentProfileName: device.enrollmentProfileName,
    registrationDateTime: device.registrationDateTime,
  };
}

/** 05's `DEV.lifecycle`, derived as 06 D-A40 says. */
function lifecycleOf(device: EntraDevice): string {
  if (device.disabledBy === 'admin') return 'admin_disabled';
  if (device.state === 'precreated') return 'precreated';
  if (device.state === 'joined_device' && device.localUnjoinedAt) return 'joined, certificate orphaned';
  return device.state === 'deleted' ? 'deleted' : 'joined';
}

function managedView(device: ManagedDevice): Record<string, unknown> {
  const {
    id,
    deviceName,
    serialNumber,
    managementState,
    managementAgent,
    deviceRegistrationState,
    autopilotEnrolled,
    userId,
    userPrincipalName,
    complianceState,
    enrolledDateTime,
    lastSyncDateTime,
  } = device;
  return {
    id,
    deviceName,
    serialNumber,
    managementState,
    managementAgent,
    deviceRegistrationState,
    autopilotEnrolled,
    userId: userId ?? '',
    userPrincipalName,
    complianceState,
    enrolledDateTime,
    lastSyncDateTime,
    azureADDeviceId: device.entraDeviceId,
    ownerType: device.managedDeviceOwnerType,
    enrollmentType: device.enrollmentType,
    deviceEnrollmentType: graphEnrollmentType(device.enrollmentType),
  };
}

/** The Graph enum of an Intune enrollment type (06 D-B28). */
function graphEnrollmentType(type: number): string {
  if ([25, 29, 30, 35].includes(type)) return 'windowsAzureADJoinUsingDeviceAuth';
  if ([4, 13, 27].includes(type)) return 'windowsAzureADJoin';
  if (type === 10) return 'windowsAutoEnrollment';
  return type === 11 ? 'windowsBulkAzureDomainJoin' : 'userEnrollment';
}

function eventView(event: DeploymentEvent): Record<string, unknown> {
  const { id, deploymentState, enrollmentType, deviceSetupStatus, accountSetupStatus, enrollmentFailureDetails, startedAt, endedAt } =
    event;
  return { id, deploymentState, enrollmentType, deviceSetupStatus, accountSetupStatus, enrollmentFailureDetails, startedAt, endedAt };
}
