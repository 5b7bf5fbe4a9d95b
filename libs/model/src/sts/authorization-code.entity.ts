import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An authorization code: single use, ten minutes (reference 02, 4.4). */
@Entity('authorization_code')
export class AuthorizationCode {
  /** SHA-256 of the code, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') userId: string;
  @Column('uuid') clientId: string;
  @Column('text') redirectUri: string;
  /** As asked for at the authorize endpoint; the token request may name another. */
  @Column('text', { nullable: true }) resource: string | null;
  @Column('text', { nullable: true }) scope: string | null;
  @Column('text', { nullable: true }) nonce: string | null;
  @Column('text', { nullable: true }) codeChallenge: string | null;
  @Column('text', { nullable: true }) codeChallengeMethod: 'plain' | 'S256' | null;
  @Column('uuid', { nullable: true }) deviceObjectId: string | null;
  @Column('text', { array: true }) amr: string[];
  @Column('timestamptz') authenticatedAt: Date;
  @Index() @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) redeemedAt: Date | null;
}
