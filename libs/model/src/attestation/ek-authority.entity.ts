import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A certificate of a foreign EK authority that the lab was told to trust, such as the local CA of a software TPM. */
@Entity('ek_authority')
export class EkAuthority {
  /** SHA-256 of the DER, lower-case hex. */
  @PrimaryColumn('text') fingerprint: string;
  @Column('bytea') der: Buffer;
  /** Ends a chain; others only help to build one. */
  @Column('boolean') trusted: boolean;
  @Column('timestamptz') importedAt: Date;
}
