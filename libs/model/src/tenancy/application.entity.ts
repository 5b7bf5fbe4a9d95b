import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An app registration of a tenant: a confidential client such as the lab's automation, or, without secret and certificates, a public one. First-party clients are constants of the STS. */
@Entity('application')
export class Application {
  @PrimaryColumn('uuid') tenantId: string;
  /** Client id (`appid`). */
  @Index() @PrimaryColumn('uuid') clientId: string;
  @Column('text') displayName: string;
  /** Object id of its service principal: `oid` and `sub` of its app-only tokens. */
  @Column('uuid') servicePrincipalId: string;
  /** As {@link hashPassword}; null for a public client. */
  @Column('text', { nullable: true }) secretHash: string | null;
  /** Certificates with whose keys it may sign assertions: base64 of the DER. */
  @Column('text', { array: true, default: [] }) certificates: string[];
  /** Application permissions granted on Microsoft Graph: the `roles` claim. */
  @Column('text', { array: true, default: [] }) roles: string[];
  /** Delegated permissions granted: the `scp` claim. */
  @Column('text', { array: true, default: [] }) scopes: string[];
  @Column('text', { array: true, default: [] }) redirectUris: string[];
}
