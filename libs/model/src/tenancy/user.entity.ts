import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A user of a tenant's directory. */
@Entity('directory_user')
@Index(['tenantId', 'upn'], { unique: true })
export class DirectoryUser {
  /** Object id (`oid`). */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  /** Lower case. */
  @Index() @Column('text') upn: string;
  @Column('text') displayName: string;
  @Column('text') givenName: string;
  @Column('text') surname: string;
  /** scrypt, `salt$hash` in base64url (see password.ts). */
  @Column('text') passwordHash: string;
  @Column('boolean', { default: true }) accountEnabled: boolean;
  @Column('boolean', { default: false }) mfaRequired: boolean;
  @Column('boolean', { default: false }) isGlobalAdministrator: boolean;
  @Column('boolean', { default: true }) intuneLicensed: boolean;
  /** 16 hex digits, Passport unique id as it appears in tokens. */
  @Column('text') puid: string;
  @Column('timestamptz') createdAt: Date;
}
