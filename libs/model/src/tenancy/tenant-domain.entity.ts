import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A verified domain of a tenant. */
@Entity('tenant_domain')
export class TenantDomain {
  /** Lower case. */
  @PrimaryColumn('text') domain: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('boolean', { default: false }) isInitial: boolean;
  @Column('boolean', { default: false }) isDefault: boolean;
  @Column('text', { default: 'Managed' }) authentication: 'Managed' | 'Federated';
  /** Federated only: WS-Trust metadata and endpoints. */
  @Column('jsonb', { nullable: true }) federation: Record<string, string> | null;
}
