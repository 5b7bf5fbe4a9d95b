import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A BitLocker recovery key that a device left with the registration service (reference 02, 13.4). */
@Entity('bitlocker_key')
export class BitLockerKey {
  /** `kid` */
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') objectId: string;
  @Column('uuid') tenantId: string;
  /** 1 operating system, 2 fixed data, 3 removable. */
  @Column('int') volumeType: number;
  @Column('text') recoveryPassword: string;
  @Column('timestamptz') createdAt: Date;
}
