import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What happened in a run that the control API was asked for, in the order in which its runner saw it. */
@Entity('run_entry')
export class RunEntry {
  @PrimaryColumn('text') run: string;
  /** From 1, without gaps: the id of the server-sent event. */
  @PrimaryColumn('int') number: number;
  /** `exchange`, `event`, `checkpoint`, …; `outcome` is the last one. */
  @Column('text') kind: string;
  /** JSON as the runner wrote it; it is only ever passed on. */
  @Column('text') entry: string;
}
