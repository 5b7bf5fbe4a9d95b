import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type ImportStatus } from './import-status.js';

/** The status record of one imported hash (Graph `importedWindowsAutopilotDeviceIdentity`); it says nothing of the registration's later life. */
@Entity('imported_identity')
@Index(['tenantId', 'createdAt', 'id'])
@Index(['tenantId', 'dueAt'], { where: `status = 'unknown'` })
export class ImportedIdentity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text', { default: '' }) groupTag: string;
  /** As the administrator gave it; the registration takes the hash's. */
  @Index('imported_identity_serial_lower', { synchronize: false })
  @Column('text', { default: '' })
  serialNumber: string;
  @Column('text', { default: '' }) productKey: string;
  @Column('text') importId: string;
  /** base64 text of the hash. */
  @Column('text') hardwareIdentifier: string;
  @Column('text', { default: '' }) assignedUserPrincipalName: string;
  @Column('text', { default: 'unknown' }) status: ImportStatus;
  /** ZTD id of the registration, once complete. */
  @Column('uuid', { nullable: true }) registrationId: string | null;
  /** DDS code, 0 without an error. */
  @Column('int', { default: 0 }) errorCode: number;
  @Column('text', { default: '' }) errorName: string;
  /** The upload that it belongs to, if any. */
  @Index() @Column('uuid', { nullable: true }) uploadId: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When the import may be worked on, in the tenant's time. */
  @Column('timestamptz') dueAt: Date;
}

/** Graph `importedWindowsAutopilotDeviceIdentityUpload`: a group of imports whose status is derived from theirs. */
@Entity('imported_identity_upload')
export class ImportedIdentityUpload {
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('timestamptz') createdAt: Date;
}
