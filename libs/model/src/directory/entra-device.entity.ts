import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** reference 02, 15.2; 06 D-A40. `deleted` keeps a tombstone for the audit trail. */
export type EntraDeviceState = 'precreated' | 'joined_device' | 'joined_user' | 'deleted';

export interface DeviceAttestation {
  aikCertificate: string | null;
  attestationData: string | null;
  verified: boolean;
}

/** A device object of the directory (Graph `device`). */
@Entity('entra_device')
@Index(['tenantId', 'state'])
export class EntraDevice {
  /** Directory object id (Graph `id`); not the device id. */
  @PrimaryColumn('uuid') objectId: string;
  /** `deviceId`: certificates, claims and DRS paths use this one. */
  @Column('uuid', { unique: true }) deviceId: string;
  @Column('uuid') tenantId: string;
  @Column('text') state: EntraDeviceState;
  @Column('boolean') accountEnabled: boolean;
  /** Who disabled it: a pre-created object is disabled by the import and may join; one disabled by an administrator may not. */
  @Column('text', { nullable: true }) disabledBy: 'import' | 'admin' | null;
  @Index('entra_device_display_name_lower', { synchronize: false })
  @Column('text')
  displayName: string;
  @Column('text', { nullable: true }) operatingSystem: string | null;
  @Column('text', { nullable: true }) operatingSystemVersion: string | null;
  @Column('text', { nullable: true }) trustType: 'AzureAd' | 'Workplace' | 'ServerAd' | null;
  @Column('text', { default: 'RegisteredDevice' }) profileType: 'RegisteredDevice' | 'Shared';
  /** `[ZTDID]:<guid>`, `[OrderId]:…`, `[HWID]:h:<decimal>`, …: looked up with `@>`, compared case-insensitively where clients do. */
  @Index('entra_device_physical_ids', { synchronize: false })
  @Column('text', { array: true, default: [] })
  physicalIds: string[];
  @Column('timestamptz', { nullable: true }) registrationDateTime: Date | null;
  @Column('timestamptz', { nullable: true }) approximateLastSignInDateTime: Date | null;
  @Column('boolean', { nullable: true }) isManaged: boolean | null;
  @Column('boolean', { nullable: true }) isCompliant: boolean | null;
  /** `mdmAppId` on graph.microsoft.com, `deviceManagementAppId` elsewhere (06 D-A42). */
  @Column('uuid', { nullable: true }) mdmAppId: string | null;
  @Column('text', { nullable: true }) enrollmentProfileName: string | null;
  /** Transport key as received: base64 RSA1 blob or JWK text; null before a join. */
  @Column('text', { nullable: true }) transportKey: string | null;
  /** SubjectPublicKeyInfo of the transport key. */
  @Index()
  @Column('bytea', { nullable: true })
  transportKeySpki: Buffer | null;
  /** AIK certificate and TPM statement of the last join, base64 as received; a user's join has nobody look at them (06 D-A23). */
  @Column('jsonb', { nullable: true }) attestation: DeviceAttestation | null;
  /** Of a computer that a directory synchronisation brought (hybrid join): its self-signed certificate, DER, and its SID (reference 02, 13.1). */
  @Column('bytea', { nullable: true }) userCertificate: Buffer | null;
  @Column('text', { nullable: true }) onPremisesSecurityIdentifier: string | null;
  /** Lab annotation: the simulated device reported its local unjoin. No emulated service reads it (06 D-A38). */
  @Column('timestamptz', { nullable: true }) localUnjoinedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}
