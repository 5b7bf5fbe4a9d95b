import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One exchange as it went over the wire. */
@Entity('journal_entry')
@Index(['tenantId', 'id'])
export class JournalEntry {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column('timestamptz') at: Date;
  @Column('real') milliseconds: number;
  @Column('text') service: string;
  @Column('text') operation: string;
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @Column('text', { nullable: true }) deviceId: string | null;
  @Column('text', { nullable: true }) serial: string | null;
  /** `X-Greenscreen-Run`, which only journal and fault matching read (06 D-B66). */
  @Index() @Column('text', { nullable: true }) run: string | null;
  @Column('text') traceId: string;
  @Column('text') method: string;
  @Column('text') host: string;
  @Column('text') path: string;
  @Column('jsonb') requestHeaders: Record<string, string>;
  @Column('bytea') requestBody: Buffer;
  @Column('int') status: number;
  @Column('jsonb') responseHeaders: Record<string, string>;
  @Column('bytea') responseBody: Buffer;
  /** Code of the fault table that answered, null when the request succeeded. */
  @Column('text', { nullable: true }) refusal: string | null;
  /** Name of the check that refused. */
  @Column('text', { nullable: true }) refusedBy: string | null;
  /** The fault rule that hit this exchange. */
  @Column('bigint', { nullable: true }) faultRule: string | null;
}
