import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An MS-Organization-Access certificate bound to a device object; the current one has `replacedAt` null (reference 02, 11.4). */
@Entity('device_certificate')
export class DeviceCertificate {
  /** SHA-1 of the DER, upper-case hex. */
  @PrimaryColumn('text') thumbprint: string;
  @Index() @Column('uuid') objectId: string;
  @Column('uuid') tenantId: string;
  @Column('uuid') deviceId: string;
  @Column('bytea') der: Buffer;
  /** base64 SHA-256 of the SubjectPublicKeyInfo: part of `alternativeSecurityIds`. */
  @Index() @Column('text') publicKeyHash: string;
  @Column('timestamptz') notBefore: Date;
  @Column('timestamptz') notAfter: Date;
  @Column('timestamptz') issuedAt: Date;
  @Column('timestamptz', { nullable: true }) replacedAt: Date | null;
}
