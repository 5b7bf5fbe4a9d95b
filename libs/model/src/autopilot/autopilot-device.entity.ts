import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type EnrollmentState = 'unknown' | 'enrolled' | 'pendingReset' | 'failed' | 'notContacted' | 'blocked';
/** `assignedUnkownSyncState` is misspelt on the wire (reference 01, 3.3). */
export type AssignmentStatus =
  'unknown' | 'assignedInSync' | 'assignedOutOfSync' | 'assignedUnkownSyncState' | 'notAssigned' | 'pending' | 'failed';
export type AssignmentDetail =
  'none' | 'hardwareRequirementsNotMet' | 'surfaceHubProfileNotSupported' | 'holoLensProfileNotSupported' | 'windowsPcProfileNotSupported';
export type RemediationState = 'unknown' | 'noRemediationRequired' | 'automaticRemediationRequired' | 'manualRemediationRequired';
/** The one-time limit of userless enrollments (06 D-B21). */
export type UserlessEnrollmentStatus = 'unknown' | 'allowed' | 'blocked';

/** A registered Autopilot device (Graph `windowsAutopilotDeviceIdentity`): one device, many names (reference 01, section 0). */
@Entity('autopilot_device')
@Index(['tenantId', 'serialNumber'])
@Index(['tenantId', 'createdAt', 'ztdId'])
@Index(['smbiosUuid', 'serialNumber'])
@Index(['tenantId', 'deleteDueAt'], { where: 'delete_due_at IS NOT NULL' })
@Index(['tenantId', 'assignedAt'], { where: `assignment_status = 'pending'` })
export class AutopilotDevice {
  /** ZTD id: the Graph identity id, the `[ZTDID]` value, `ZtdRegistrationId`. */
  @PrimaryColumn('uuid') ztdId: string;
  @Column('uuid') tenantId: string;
  @Index('autopilot_device_serial_lower', { synchronize: false })
  @Index('autopilot_device_serial_parts', { synchronize: false })
  @Column('text')
  serialNumber: string;
  @Column('text') manufacturer: string;
  @Column('text') model: string;
  @Column('text', { default: '' }) skuNumber: string;
  @Column('text', { default: '' }) systemFamily: string;
  @Column('text', { default: '' }) productKey: string;
  @Index('autopilot_device_group_tag_lower', { synchronize: false })
  @Column('text', { default: '' })
  groupTag: string;
  @Column('text', { default: '' }) purchaseOrderIdentifier: string;
  @Column('text', { default: '' }) userPrincipalName: string;
  @Column('text', { default: '' }) addressableUserName: string;
  @Column('text', { default: '' }) displayName: string;
  /** Account of a meeting-room device, and its name. */
  @Column('text', { default: '' }) deviceAccountUpn: string;
  @Column('text', { default: '' }) resourceName: string;
  /** Lower-case hex SHA-256 of the EK modulus (06 D-A1); null for a hash without an EK. One registration per EK across all tenants. */
  @Index({ unique: true, where: 'ek_hash IS NOT NULL' })
  @Column('text', { nullable: true })
  ekHash: string | null;
  /** HWDeviceID: `0018` + 12 upper hex (06 D-A3). */
  @Index() @Column('text') ddid: string;
  @Column('uuid', { nullable: true }) smbiosUuid: string | null;
  /** The 4,000 characters as imported. */
  @Column('text') hardwareHash: string;
  /** `TPM-Version:2.0 …` of the hash, empty without. */
  @Column('text', { default: '' }) tpmVersion: string;
  /** Entra device id (not object id) of the pre-created object; kept when that object is deleted. */
  @Index() @Column('uuid', { nullable: true }) entraDeviceId: string | null;
  @Index() @Column('uuid', { nullable: true }) managedDeviceId: string | null;
  @Column('text', { default: 'notContacted' }) enrollmentState: EnrollmentState;
  @Column('text', { default: 'unknown' }) userlessEnrollmentStatus: UserlessEnrollmentStatus;
  /** The profile that the device gets when it asks. */
  @Index() @Column('uuid', { nullable: true }) profileId: string | null;
  /** The profile that the assignments lead to; it becomes {@link profileId} unless the assignment is pending or has failed. */
  @Column('uuid', { nullable: true }) intendedProfileId: string | null;
  /** True when the profile came from an assignment, false when it is the tenant's default. */
  @Column('boolean', { default: false }) explicitAssignment: boolean;
  @Column('text', { default: 'notAssigned' }) assignmentStatus: AssignmentStatus;
  @Column('text', { default: 'none' }) assignmentDetail: AssignmentDetail;
  /** When the assignment takes or took effect; null without one, and while it is held back for good. */
  @Column('timestamptz', { nullable: true }) assignedAt: Date | null;
  @Column('text', { default: 'noRemediationRequired' }) remediationState: RemediationState;
  @Column('timestamptz', { nullable: true }) remediationStateAt: Date | null;
  @Column('text', { nullable: true }) remediationData: string | null;
  /** `X-Autopilot-Marker` of the last profile request that had one: opaque, for whoever looks into a case (reference 01, 5.2). */
  @Column('text', { nullable: true }) autopilotMarker: string | null;
  @Column('timestamptz', { nullable: true }) firstContactedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastContactedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
  /** When a deletion that has been asked for takes effect; null without one (switch `graph.autopilotDeleteDelayMs`). */
  @Column('timestamptz', { nullable: true }) deleteDueAt: Date | null;
}
