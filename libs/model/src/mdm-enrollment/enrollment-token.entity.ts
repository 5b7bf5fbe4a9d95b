import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An opaque token of the web sign-in: `wresult`, which comes back as DeviceEnrollmentUserToken (reference 04, 1.4). */
@Entity('mdm_enrollment_token')
export class MdmEnrollmentToken {
  /** SHA-256 of the token, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') userId: string;
  @Index() @Column('timestamptz') expiresAt: Date;
}
