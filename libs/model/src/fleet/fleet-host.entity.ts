import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A host whose agent has enrolled with a tenant's Fleet server (reference 04, section 8). */
@Entity('fleet_host')
export class FleetHost {
  @PrimaryColumn('uuid') tenantId: string;
  /** Lower case. */
  @PrimaryColumn('text') hardwareUuid: string;
  /** SHA-256 of the host's current key, lower-case hex. */
  @Index({ unique: true }) @Column('text') nodeKeyHash: string;
  @Column('text') hardwareSerial: string;
  @Column('text') hostname: string;
  /** `windows` */
  @Column('text') platform: string;
  @Column('text') computerName: string;
  @Column('text') hardwareModel: string;
  @Column('timestamptz') enrolledAt: Date;
  /** Its MDM enrollment, if it ever had one. */
  @Column('uuid', { nullable: true }) enrollmentId: string | null;
}
