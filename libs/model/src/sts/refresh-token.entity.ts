import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A refresh token; `primary` is a PRT. Neither is bound to a resource (reference 02, 4.4), and an old one stays valid until revoked. */
@Entity('refresh_token')
export class RefreshToken {
  /** SHA-256 of the token, lower-case hex: the token itself is not kept. */
  @PrimaryColumn('text') hash: string;
  @Column('text') kind: 'refresh' | 'primary';
  @Column('uuid') tenantId: string;
  @Index() @Column('uuid') userId: string;
  @Column('uuid') clientId: string;
  /** Object id of the device that authenticated; null when none did. */
  @Index() @Column('uuid', { nullable: true }) deviceObjectId: string | null;
  /** Device certificate (thumbprint) that a PRT was issued to: a replaced certificate ends it. */
  @Column('text', { nullable: true }) certificateThumbprint: string | null;
  /** Session key of a PRT, encrypted under a key derived from the token itself: a copy of the database opens nothing. */
  @Column('bytea', { nullable: true }) sealedSessionKey: Buffer | null;
  /** What the first answer was for, as a v2 scope: a client that names nothing gets the same again (RFC 6749, 6). Null: nothing. */
  @Column('text', { nullable: true }) scope: string | null;
  @Column('text', { array: true }) amr: string[];
  @Column('timestamptz') authenticatedAt: Date;
  @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
