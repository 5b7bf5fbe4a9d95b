import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An EK certificate that a vendor of the lab issued. Those of foreign vendors are only ever seen inside requests. */
@Entity('ek_certificate')
export class EkCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  @PrimaryColumn('text') fingerprint: string;
  /** `ek_hash` of the key that the TPM has; a defective certificate may be for another key. */
  @Index() @Column('text') ekHash: string;
  /** Label: `IFX`, `INTC`, `AMD`, … */
  @Column('text') vendor: string;
  /** Name of the authority that issued it. */
  @Index() @Column('text') issuer: string;
  /** Serial number, upper-case hex without sign byte. */
  @Column('text') serial: string;
  @Column('bytea') der: Buffer;
  /** The vendor's service serves it: firmware TPMs ask there. */
  @Column('boolean') published: boolean;
  /** Lookup key at Intel: base64url with padding. */
  @Index() @Column('text') intelHash: string;
  /** Lookup key at AMD: 32 lower-case hex. */
  @Index() @Column('text') amdId: string;
  @Column('timestamptz') issuedAt: Date;
}

/** A revoked endorsement key: none of its certificates is accepted any more (reference 06, D-A6). Foreign vendors' keys may be listed too. */
@Entity('ek_revocation')
export class EkRevocation {
  @PrimaryColumn('text') ekHash: string;
  @Column('timestamptz') revokedAt: Date;
}
