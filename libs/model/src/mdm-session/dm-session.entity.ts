import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The part of a large object that has arrived. */
export interface PartialObject {
  uri: string;
  format: string | null;
  /** Bytes that were announced. */
  size: number | null;
  data: string;
}

/**
 * An OMA-DM session: one check-in of a device (reference 04, 4.2). Its key on the wire is enrollment and SessionID; clients use the same
 * SessionID again, and only the enrollment's last session goes on.
 */
@Entity('dm_session')
@Index(['enrollmentId', 'number'], { unique: true })
export class DmSession {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  /** Intune device id. */
  @Column('uuid') enrollmentId: string;
  /** As the client sent it. */
  @Column('text') sessionId: string;
  /** 1 for the enrollment's first session. */
  @Column('int') number: number;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz') lastMessageAt: Date;
  /** Set when nothing was left to send, when the client broke off, or when a new session took its place: no command goes out any more. */
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  @Column('int', { default: 0 }) messages: number;
  /** SHA-256 of the last request and the answer to it: a client that lost the answer sends the same message again. */
  @Column('bytea', { nullable: true }) lastRequest: Buffer | null;
  @Column('bytea', { nullable: true }) lastAnswer: Buffer | null;
  /** `Source/LocURI`: differs from client to client and identifies nothing. */
  @Column('text') source: string;
  /** LoginStatus alert of package 1; null when the client sent none. */
  @Column('text', { nullable: true }) loginStatus: 'user' | 'others' | 'none' | null;
  /** Whose AADUserToken came in it; null when none did. */
  @Column('uuid', { nullable: true }) signedInId: string | null;
  /** Bytes that the client says it takes in one message. */
  @Column('int', { nullable: true }) maxMsgSize: number | null;
  /** A value that the client sends in pieces; null when none is under way. */
  @Column('jsonb', { nullable: true }) partial: PartialObject | null;
}
