import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A bulk join package in the making: who polls with the flow token gets its tokens (reference 02, 8.4). */
@Entity('bulk_join_flow')
export class BulkJoinFlow {
  /** SHA-256 of the flow token, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  @Column('uuid') tenantId: string;
  /** The package's own user. */
  @Index() @Column('uuid') userId: string;
  @Column('timestamptz') createdAt: Date;
  /** Until when the package joins devices. */
  @Column('timestamptz') packageExpiresAt: Date;
}
