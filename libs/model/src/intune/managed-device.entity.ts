import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Intune's record of an enrolled device (Graph `managedDevice`, MD in reference 05). Deleting the device deletes the row. */
@Entity('managed_device')
@Index(['tenantId', 'serialNumber'])
export class ManagedDevice {
  /** Intune device id: subject of the MDM certificate. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text') deviceName: string;
  @Index('managed_device_serial_lower', { synchronize: false })
  @Index('managed_device_serial_parts', { synchronize: false })
  @Column('text')
  serialNumber: string;
  @Column('text', { default: '' }) manufacturer: string;
  @Column('text', { default: '' }) model: string;
  @Index() @Column('uuid', { nullable: true }) entraDeviceId: string | null;
  @Index() @Column('uuid', { nullable: true }) ztdId: string | null;
  /** Intune's internal number (29 white glove, …); Graph's enums derive from it (06 D-B28). */
  @Column('int') enrollmentType: number;
  @Column('text', { default: 'managed' }) managementState: string;
  @Column('text', { default: 'mdm' }) managementAgent: string;
  @Column('text', { default: 'registered' }) deviceRegistrationState: string;
  @Column('boolean') autopilotEnrolled: boolean;
  @Column('text') managedDeviceOwnerType: 'company' | 'personal' | 'unknown';
  /** Null and empty until the user-device association (06 D-B32). */
  @Column('uuid', { nullable: true }) userId: string | null;
  @Column('text', { default: '' }) userPrincipalName: string;
  @Column('text', { default: 'unknown' }) complianceState:
    'unknown' | 'compliant' | 'noncompliant' | 'conflict' | 'error' | 'inGracePeriod';
  @Column('text', { default: 'Windows' }) operatingSystem: string;
  @Column('text', { default: '' }) osVersion: string;
  @Column('timestamptz') enrolledDateTime: Date;
  @Column('timestamptz') lastSyncDateTime: Date;
}
