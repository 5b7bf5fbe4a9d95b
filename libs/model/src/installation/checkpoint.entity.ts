import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A lab annotation: the runner says what the device reached. No emulated service reads it (06 D-B62). */
@Entity('checkpoint')
export class Checkpoint {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('text') serial: string;
  @Column('text') checkpoint: string;
  @Column('timestamptz') at: Date;
}
