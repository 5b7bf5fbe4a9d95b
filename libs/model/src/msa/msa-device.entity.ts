import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A device's account at login.live.com: one per Windows installation. It belongs to no tenant; whose it is follows from its DDID, once the
 * hardware is registered (reference 06, D-A5 and D-A59).
 */
@Entity('msa_device')
export class MsaDevice {
  /** `02` + 14 characters from Windows. */
  @PrimaryColumn('text') membername: string;
  /** As `hashPassword` makes it. */
  @Column('text') passwordHash: string;
  /** GlobalDeviceID: 16 upper-case hex. */
  @Column('text', { unique: true }) globalDeviceId: string;
  /** HWDeviceID: `0018` + 12 upper-case hex. */
  @Index() @Column('text') ddid: string;
  /** `ek_hash` that the device showed, lower-case hex; null when it showed none. */
  @Column('text', { nullable: true }) ekHash: string | null;
  /** An AIK certificate counts as attestation when it is not older than this (reference 06, D-A6). */
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
