import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One row per token request or interactive sign-in (Graph `signIns`; reference 02, 16). */
@Entity('sign_in_log')
@Index(['tenantId', 'createdAt'])
export class SignInLog {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('timestamptz') createdAt: Date;
  /** `grant_type`, the one inside for a signed request, or `interactive`. */
  @Column('text') grant: string;
  @Column('uuid', { nullable: true }) userId: string | null;
  @Column('text', { default: '' }) userPrincipalName: string;
  @Column('text', { default: '' }) appId: string;
  @Column('text', { default: '' }) resource: string;
  /** Entra device id. */
  @Column('uuid', { nullable: true }) deviceId: string | null;
  /** AADSTS number; 0 for success. */
  @Column('integer') errorCode: number;
  @Column('text', { default: '' }) failureReason: string;
  @Column('text', { default: '' }) ipAddress: string;
  @Column('text') correlationId: string;
  @Column('text', { nullable: true }) cxhflow: string | null;
}
