import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type IntuneAssignment, toEveryDevice } from './intune-assignment.js';

/** An app of a tenant (reference 05, C.3 `apps[]`). */
@Entity('intune_app')
@Index(['tenantId', 'position'])
export class IntuneApp {
  @PrimaryColumn('uuid') tenantId: string;
  /** Unique in its tenant: a GUID, or the short name that a scenario gave it. */
  @PrimaryColumn('text') id: string;
  /** Order of installation. */
  @Column('int') position: number;
  /** `lob` is an MSI that OMA-DM installs; `win32` comes through the management extension. */
  @Column('text') type: 'win32' | 'lob' | 'store';
  @Column('text') name: string;
  @Column('text', { default: '1.0' }) version: string;
  /** What the installer does: exit code and running time in seconds. */
  @Column('int', { default: 0 }) exitCode: number;
  @Column('int', { default: 20 }) seconds: number;
  /** Whether the detection rule finds what the installer leaves. */
  @Column('text', { default: 'match' }) detection: 'match' | 'miss';
  /** `{…}`, upper case; for `lob`. */
  @Column('text', { nullable: true }) productCode: string | null;
  /** AES-256 key and IV of the content of a `win32` app. */
  @Column('bytea') contentKey: Buffer;
  @Column('bytea') contentIv: Buffer;
  @Column('text', { default: '' }) description: string;
  @Column('text', { default: '' }) publisher: string;
  /** What clients of Graph say of it and nobody here acts on, by Graph's names. */
  @Column('jsonb', { default: {} }) metadata: object;
  @Column('jsonb', { default: toEveryDevice }) assignments: IntuneAssignment[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) modifiedAt: Date | null;
}
