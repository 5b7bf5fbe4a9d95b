import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the management of an enrolled device has come, beside the state of its enrollment. */
@Entity('dm_progress')
export class DmProgress {
  @PrimaryColumn('uuid') enrollmentId: string;
  @Column('uuid') tenantId: string;
  @Column('int', { default: 0 }) sessions: number;
  /** Passes of the device part of the Enrollment Status Page that were configured: technician, user, retries (06 D-B25, D-B45). */
  @Column('int', { default: 0 }) devicePasses: number;
  /** The last of them that ended with ServerHasFinishedProvisioning. */
  @Column('int', { default: 0 }) finishedPass: number;
  @Column('boolean', { default: false }) userPassConfigured: boolean;
  /** Policy providers registered in this pass. */
  @Column('text', { array: true, default: [] }) providers: string[];
  /** Whether the agent (`Sidecar`) is registered, and with what. */
  @Column('text', { default: 'none' }) sidecar: 'none' | 'required' | 'notRequired';
  /** Product codes of the MSIs that the device was told to install. */
  @Column('text', { array: true, default: [] }) packages: string[];
  /** Versions of the policies and apps that were sent, by {@link deliveryKey}. */
  @Column('jsonb', { default: {} }) delivered: Record<string, number>;
  @Column('timestamptz', { nullable: true }) provisionedAt: Date | null;
  /** A user whose association has to wait (06 D-B67 `techToUserMinMinutes`). */
  @Column('uuid', { nullable: true }) pendingUserId: string | null;
  @Column('timestamptz', { nullable: true }) associatedAt: Date | null;
  /** Sessions begun after the one that associated the user (06 D-B30). */
  @Column('int', { default: 0 }) sessionsSinceAssociation: number;
  @Column('timestamptz', { nullable: true }) complianceEvaluatedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastSyncAt: Date | null;
}
