import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What an opaque token is good for: an enrollment, or the services behind the Company Portal. */
export type EnrollmentTokenPurpose = 'enrollment' | 'portal';

/** An opaque token: `wresult` of the web sign-in, which comes back as DeviceEnrollmentUserToken, or one of the renewal service (reference 04, 1.4 and 9). */
@Entity('mdm_enrollment_token')
export class MdmEnrollmentToken {
  /** SHA-256 of the token, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') userId: string;
  @Column('text', { default: 'enrollment' }) purpose: EnrollmentTokenPurpose;
  @Index() @Column('timestamptz') expiresAt: Date;
}
