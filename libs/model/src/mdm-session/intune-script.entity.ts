import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type IntuneAssignment } from './intune-assignment.js';

/** A PowerShell script that the management extension fetches (Graph `deviceManagementScript`). */
@Entity('intune_script')
@Index(['tenantId', 'createdAt'])
export class IntuneScript {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text') displayName: string;
  @Column('text', { default: '' }) description: string;
  @Column('text', { default: '' }) fileName: string;
  /** The script's bytes as they were uploaded. */
  @Column('bytea') content: Buffer;
  @Column('text', { default: 'system' }) runAsAccount: 'system' | 'user';
  @Column('boolean', { default: false }) enforceSignatureCheck: boolean;
  @Column('boolean', { default: false }) runAs32Bit: boolean;
  @Column('int', { default: 1 }) version: number;
  @Column('jsonb', { default: [] }) assignments: IntuneAssignment[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) modifiedAt: Date | null;
}
