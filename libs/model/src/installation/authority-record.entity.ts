import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A certificate authority or signing key of this installation: made once, kept through reset, never in the repository. */
@Entity('authority')
export class AuthorityRecord {
  /** `tls-root`, `ms-organization-access`, `aik:IFX:<key id>`, … */
  @PrimaryColumn('text') name: string;
  @Column('text', { nullable: true }) issuer: string | null;
  @Column('bytea') certificate: Buffer;
  /** PKCS#8 DER. */
  @Column('bytea') privateKey: Buffer;
  @Column('timestamptz') createdAt: Date;
}
