import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A device-code sign-in that somebody has to complete elsewhere (reference 02, 4.3). */
@Entity('device_code')
export class DeviceCode {
  /** SHA-256 of the device code, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  /** What the person types, upper case. */
  @Index({ unique: true }) @Column('text') userCode: string;
  /** Null for `common` until somebody signs in. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @Column('uuid') clientId: string;
  @Column('text', { nullable: true }) resource: string | null;
  @Column('text', { nullable: true }) scope: string | null;
  @Column('text') state: 'pending' | 'approved' | 'declined' | 'redeemed';
  @Column('uuid', { nullable: true }) userId: string | null;
  @Column('text', { array: true, default: [] }) amr: string[];
  @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz') expiresAt: Date;
}
