import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** `waiting`: delivered without a final answer; queued again when the next session starts. */
export type DmCommandState = 'queued' | 'sent' | 'waiting' | 'done' | 'cancelled';
export type DmVerb = 'Get' | 'Add' | 'Replace' | 'Delete' | 'Exec';
/** Why a command is there: the server's next step depends on how some of them end. */
export type DmPurpose = 'inventory' | 'configuration' | 'policy' | 'agent' | 'probe' | 'finish' | 'unenroll' | 'custom';

/** A command for a device: queued, delivered at most once per session, retried until it has a final status (reference 04, 4.2). */
@Entity('dm_command')
@Index(['enrollmentId', 'state', 'batch'])
export class DmCommand {
  /** Order of queuing. */
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') enrollmentId: string;
  @Column('text') state: DmCommandState;
  /** Commands of a lower batch go out in an earlier message. */
  @Column('int') batch: number;
  /** ESP pass that it belongs to: 1 technician, 2 user; 0 outside the page. */
  @Column('int', { default: 0 }) pass: number;
  @Column('text') purpose: DmPurpose;
  @Column('text') scope: 'device' | 'user';
  @Column('text') verb: DmVerb;
  @Column('text') uri: string;
  @Column('text', { nullable: true }) format: string | null;
  @Column('text', { nullable: true }) data: string | null;
  /** Commands with the same name travel in one Atomic. */
  @Column('text', { nullable: true }) atomic: string | null;
  /** Where it was last delivered. */
  @Column('uuid', { nullable: true }) sentIn: string | null;
  @Column('text', { nullable: true }) msgRef: string | null;
  @Column('text', { nullable: true }) cmdRef: string | null;
  @Column('int', { default: 0 }) deliveries: number;
  /** Last SyncML status. */
  @Column('int', { nullable: true }) status: number | null;
  @Column('timestamptz') queuedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
