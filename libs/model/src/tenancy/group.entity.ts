import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('directory_group')
export class DirectoryGroup {
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('text') displayName: string;
  /** Dynamic membership rule; null for an assigned group. */
  @Column('text', { nullable: true }) membershipRule: string | null;
  @Column('timestamptz') createdAt: Date;
}

/** Membership of a user (object id) or device (object id) in a group. */
@Entity('group_member')
export class GroupMember {
  @PrimaryColumn('uuid') groupId: string;
  @Index() @PrimaryColumn('uuid') memberId: string;
  @Column('text') memberType: 'user' | 'device';
}
