import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A Windows Hello key of a user on a device (Graph `keyCredential`, usage NGC; reference 02, 13.3). */
@Entity('hello_key')
export class HelloKey {
  /** `kid` of the registration's answer. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Index() @Column('uuid') userId: string;
  /** Object of the device that made it. */
  @Index() @Column('uuid') objectId: string;
  /** base64 CNG blob as received. */
  @Column('text') kngc: string;
  /** base64 SHA-256 of the blob: `kid` of a Hello assertion (reference 02, 7.1). */
  @Index() @Column('text') blobHash: string;
  @Column('bytea') spki: Buffer;
  @Column('timestamptz') createdAt: Date;
}
