import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a device last said about a node of its management tree. */
@Entity('dm_node')
export class DmNode {
  @PrimaryColumn('uuid') enrollmentId: string;
  /** Canonical LocURI: `./Device/…` or `./User/…`, segments percent-encoded. */
  @PrimaryColumn('text') uri: string;
  @Column('uuid') tenantId: string;
  @Column('text', { nullable: true }) format: string | null;
  /** Null when the device answered without a value, e.g. 404. */
  @Column('text', { nullable: true }) value: string | null;
  @Column('int') status: number;
  @Column('timestamptz') reportedAt: Date;
}
