import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * `sent` and `waiting` are queued again when the next session starts: delivered without an answer, and answered with "not yet".
 * `cancelled` was never delivered.
 */
export type DmCommandState = 'queued' | 'sent' | 'waiting' | 'done' | 'cancelled';
export type DmVerb = 'Get' | 'Add' | 'Replace' | 'Delete' | 'Exec';
/** Why a command is there: the server's next step depends on how some of them end. */
export type DmPurpose = 'inventory' | 'configuration' | 'policy' | 'agent' | 'probe' | 'finish' | 'unenroll' | 'custom';

/** Order of delivery within a session (06 D-B38, D-B44). */
export const dmBatch = {
  unenroll: 0,
  inventory: 1,
  configuration: 2,
  policies: 3,
  probe: 4,
  finish: 5,
  custom: 6,
  user: 7,
  userFinish: 8,
} as const;

/** A command for a device: queued, delivered at most once per session, retried until it has a final status (reference 04, 4.2). */
@Entity('dm_command')
@Index(['enrollmentId', 'state'])
@Index(['sentIn'])
export class DmCommand {
  /** Order of queuing. */
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') enrollmentId: string;
  @Column('text') state: DmCommandState;
  /** Commands of a lower batch go out in an earlier message: a value of {@link dmBatch}. */
  @Column('int') batch: number;
  /** Pass of the Enrollment Status Page's device part that it belongs to; 0 outside the page. */
  @Column('int', { default: 0 }) pass: number;
  @Column('text') purpose: DmPurpose;
  @Column('text') scope: 'device' | 'user';
  @Column('text') verb: DmVerb;
  @Column('text') uri: string;
  @Column('text', { nullable: true }) format: string | null;
  @Column('text', { nullable: true }) data: string | null;
  /** Commands with the same name travel in one Atomic. */
  @Column('text', { nullable: true }) atomic: string | null;
  /** Session and message where it was last delivered, and under which CmdIDs it and its Atomic went. */
  @Column('uuid', { nullable: true }) sentIn: string | null;
  @Column('text', { nullable: true }) msgRef: string | null;
  @Column('text', { nullable: true }) cmdRef: string | null;
  @Column('text', { nullable: true }) atomicRef: string | null;
  @Column('int', { default: 0 }) deliveries: number;
  /** Of a large object: characters that the device has taken in this session, and where the piece that is under way ends. */
  @Column('int', { default: 0 }) dataTaken: number;
  @Column('int', { nullable: true }) pieceEnd: number | null;
  /** Last SyncML status. */
  @Column('int', { nullable: true }) status: number | null;
  @Column('timestamptz') queuedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
