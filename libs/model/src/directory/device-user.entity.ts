import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** `registeredOwners` and `registeredUsers` of a device object. */
@Entity('device_user')
export class DeviceUser {
  @PrimaryColumn('uuid') objectId: string;
  @Index() @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('text') relation: 'owner' | 'user';
  @Column('timestamptz') since: Date;
}
