import { z } from 'zod';

const guid = z.guid();
const time = z.iso.datetime();
const member = z.object({ id: guid, userPrincipalName: z.string() });

const autopilot = z.object({
  id: guid,
  serialNumber: z.string(),
  enrollmentState: z.string(),
  managedDeviceId: guid,
  azureActiveDirectoryDeviceId: guid,
  userlessEnrollmentStatus: z.string(),
  nextEnrollmentAllowed: z.boolean(),
  lastContactedDateTime: time,
  deploymentProfileAssignmentStatus: z.string(),
  groupTag: z.string(),
  userPrincipalName: z.string(),
  remediationState: z.string(),
});

const directory = z.object({
  id: guid,
  deviceId: guid,
  accountEnabled: z.boolean(),
  lifecycle: z.enum(['precreated', 'joined', 'joined, certificate orphaned', 'admin_disabled', 'deleted']),
  trustType: z.string().nullable(),
  profileType: z.string(),
  displayName: z.string(),
  operatingSystem: z.string().nullable(),
  operatingSystemVersion: z.string().nullable(),
  physicalIds: z.array(z.string()),
  alternativeSecurityIds: z.array(z.object({ type: z.literal(2), thumbprint: z.string(), publicKeyHash: z.string() })),
  registeredOwners: z.array(member),
  registeredUsers: z.array(member),
  mdmAppId: z.string().nullable(),
  isManaged: z.boolean().nullable(),
  isCompliant: z.boolean().nullable(),
  enrollmentProfileName: z.string().nullable(),
  registrationDateTime: time.nullable(),
});

const managed = z.object({
  id: guid,
  deviceName: z.string(),
  serialNumber: z.string(),
  managementState: z.string(),
  managementAgent: z.string(),
  deviceRegistrationState: z.string(),
  autopilotEnrolled: z.boolean(),
  userId: z.union([guid, z.literal('')]),
  userPrincipalName: z.string(),
  complianceState: z.string(),
  enrolledDateTime: time,
  lastSyncDateTime: time,
  azureADDeviceId: guid.nullable(),
  ownerType: z.enum(['company', 'personal', 'unknown']),
  enrollmentType: z.int(),
  deviceEnrollmentType: z.string(),
});

const deploymentEvent = z.object({
  id: guid,
  deploymentState: z.string(),
  enrollmentType: z.string(),
  deviceSetupStatus: z.string(),
  accountSetupStatus: z.string(),
  enrollmentFailureDetails: z.string(),
  startedAt: time,
  endedAt: time.nullable(),
});

const tpm = z.object({
  ekHash: z.string(),
  ekRevokedAt: time.nullable(),
  ekCertificate: z.object({ vendor: z.string(), serial: z.string(), published: z.boolean() }).nullable(),
  aikCertificate: z.object({ serial: z.string(), notBefore: time, notAfter: time, issuedAt: time, revokedAt: time.nullable() }).nullable(),
  aikRequests: z.array(
    z.object({
      id: guid,
      state: z.string(),
      createdAt: time,
      answeredAt: time.nullable(),
      clientInfo: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** Answer of `GET /devices/{serial}`. */
export const deviceAnswer = z.object({
  tenant: guid,
  serial: z.string(),
  AP: autopilot.nullable().describe('Autopilot identity'),
  DEV: directory.nullable().describe('Entra device object'),
  MD: managed.nullable().describe('Intune device'),
  EVT: deploymentEvent.nullable().describe('latest deployment event'),
  TPM: tpm.nullable().describe('what the attestation services know'),
  counts: z.object({ AP: z.int(), DEV: z.int(), MD: z.int(), EVT: z.int() }),
  checkpoints: z.array(z.object({ checkpoint: z.string(), at: time })),
});
