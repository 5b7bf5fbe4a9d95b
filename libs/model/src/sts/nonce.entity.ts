import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A nonce of srv_challenge (reference 02, 4.2). Time-limited; single use only when the tenant's switch says so. */
@Entity('sts_nonce')
export class StsNonce {
  /** SHA-256 of the nonce, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  /** Tenant of the path, whose clock dates it; null for `common` and for tenants that do not exist. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @Index() @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}
