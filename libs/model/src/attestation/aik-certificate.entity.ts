import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An issued AIK certificate. The service publishes no CRL for them; whoever checks one looks here (reference 06, D-A19). */
@Entity('aik_certificate')
@Index(['ekHash', 'issuedAt'])
export class AikCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  @PrimaryColumn('text') fingerprint: string;
  @Index({ unique: true }) @Column('uuid') requestId: string;
  /** `ek_hash` of the TPM that answered the challenge. */
  @Column('text') ekHash: string;
  /** Serial number, upper-case hex without sign byte. */
  @Column('text') serial: string;
  @Column('bytea') der: Buffer;
  @Column('timestamptz') notBefore: Date;
  @Column('timestamptz') notAfter: Date;
  /** By the clock of the registration's tenant (reference 06, D-A59). */
  @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
