import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type IntuneAssignment, toEveryDevice } from './intune-assignment.js';
import { type PolicyProfile } from './policy-profile.js';

/** What a tenant configures devices and users with: a single setting (reference 05, C.3 `policies[]`), or a profile as Graph has them. */
@Entity('intune_policy')
@Index(['tenantId', 'position'])
export class IntunePolicy {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('int') position: number;
  /** Of a single setting: `./Device/…`, `./Vendor/…` or, for the signed-in user, `./User/…`. Null for a profile. */
  @Column('text', { nullable: true }) uri: string | null;
  /** Of a single setting; its JSON type picks the format on the wire: number int, boolean bool, string chr (06 D-B51). */
  @Column('jsonb', { nullable: true }) value: number | boolean | string | null;
  /** Null for a single setting. */
  @Column('jsonb', { nullable: true }) profile: PolicyProfile | null;
  @Column('text', { default: '' }) displayName: string;
  @Column('text', { default: '' }) description: string;
  /** Grows with every change: devices that have an older one get it again. */
  @Column('int', { default: 1 }) version: number;
  @Column('jsonb', { default: toEveryDevice }) assignments: IntuneAssignment[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) modifiedAt: Date | null;
}
