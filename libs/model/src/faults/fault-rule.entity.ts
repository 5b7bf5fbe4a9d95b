import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { type FaultAction, type FaultMatch } from './fault-rule.js';

/** A failure to inject (reference 05, C.4). Rows are tried in the order of their ids; the first that fires wins. */
@Entity('fault_rule')
@Index(['service', 'operation'])
export class FaultRule {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  /** Only requests of this run (`X-Greenscreen-Run`); null for any. */
  @Index() @Column('text', { nullable: true }) run: string | null;
  /** Only requests that name this tenant, or come from one of its runs; null for any. */
  @Index() @Column('uuid', { nullable: true }) tenantId: string | null;
  @Column('text') service: string;
  /** Operation of the service, or `*`. */
  @Column('text') operation: string;
  @Column('jsonb', { default: {} }) match: FaultMatch;
  @Column('jsonb') action: FaultAction;
  /** Injected answers carry `X-Greenscreen-Fault`. */
  @Column('boolean', { default: true }) marked: boolean;
  /** Requests that met every other condition: what `nth`, `from` and `until` count. */
  @Column('int', { default: 0 }) seen: number;
  @Column('int', { default: 0 }) hits: number;
  @Column('timestamptz') createdAt: Date;
}
