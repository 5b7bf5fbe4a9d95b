import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Scope of the installation's own clock row. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

/** The clock of a tenant, over the installation's row (06 D-A73). No row means real time. */
@Entity('clock_setting')
export class ClockSetting {
  /** Tenant id, or {@link INSTALLATION}. */
  @PrimaryColumn('uuid') scope: string;
  /** Set: time stands still at this instant. Null: it runs, `offsetMs` ahead of the real clock. */
  @Column('timestamptz', { nullable: true }) frozenAt: Date | null;
  @Column('bigint', { default: 0 }) offsetMs: string;
}
