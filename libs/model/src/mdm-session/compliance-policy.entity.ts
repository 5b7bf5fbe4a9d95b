import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type IntuneAssignment } from './intune-assignment.js';

/** What a tenant demands of its devices before it calls them compliant (Graph `windows10CompliancePolicy`). */
@Entity('intune_compliance_policy')
@Index(['tenantId', 'createdAt'])
export class IntuneCompliancePolicy {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text') displayName: string;
  @Column('text', { default: '' }) description: string;
  @Column('int', { default: 1 }) version: number;
  /** Demands by Graph's names. */
  @Column('jsonb', { default: {} }) settings: object;
  @Column('jsonb', { default: [] }) assignments: IntuneAssignment[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) modifiedAt: Date | null;
}
