import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A certificate that the MDM device CA issued. OMA-DM accepts it while the enrollment lives and neither date is set (06 D-B50). */
@Entity('mdm_certificate')
export class MdmCertificate {
  /** SHA-1 of the DER, upper-case hex. */
  @PrimaryColumn('text') thumbprint: string;
  @Index() @Column('uuid') enrollmentId: string;
  @Column('uuid') tenantId: string;
  @Column('bytea') der: Buffer;
  @Column('timestamptz') notBefore: Date;
  @Column('timestamptz') notAfter: Date;
  @Column('timestamptz') issuedAt: Date;
  /** First use of a renewed certificate ends its predecessor (reference 04, 3.8). */
  @Column('timestamptz', { nullable: true }) replacedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
