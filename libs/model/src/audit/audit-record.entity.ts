import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export interface ModifiedProperty {
  displayName: string;
  /** JSON text, e.g. `"[true]"` (reference 02, 16). */
  oldValue: string | null;
  newValue: string | null;
}
export interface AuditTarget {
  id: string;
  displayName: string;
  type: 'Device' | 'User' | 'Policy' | 'Other';
  modifiedProperties: ModifiedProperty[];
}
export type AuditInitiator =
  | { kind: 'user'; id: string; displayName: string; userPrincipalName: string; ipAddress: string | null }
  | { kind: 'app'; appId: string | null; displayName: string; servicePrincipalId: string | null };

/** One audit entry: Graph `directoryAudit` (log `directory`) or Intune's `auditEvent` (log `intune`). */
@Entity('audit_record')
@Index(['tenantId', 'log', 'sequence'])
export class AuditRecord {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text') log: 'directory' | 'intune';
  /** Order of writing; times may be equal under a frozen clock. */
  @Column('bigint', { generated: 'increment' }) sequence: string;
  @Column('timestamptz') activityDateTime: Date;
  @Column('text') loggedByService: string;
  @Column('text') category: string;
  @Column('text') activityDisplayName: string;
  @Column('text') operationType: 'Add' | 'Update' | 'Delete' | 'Assign' | 'Unassign';
  @Column('text') result: 'success' | 'failure';
  @Column('text', { default: '' }) resultReason: string;
  @Column('text') correlationId: string;
  @Column('jsonb') initiatedBy: AuditInitiator;
  @Column('jsonb') targetResources: AuditTarget[];
  @Column('jsonb', { default: [] }) additionalDetails: { key: string; value: string }[];
}
