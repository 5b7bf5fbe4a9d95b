import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An authority of the AIK service: there is one for each key that signs a vendor's EK certificates (reference 03, 2.1). */
@Entity('aik_authority')
export class AikAuthority {
  /** Label of the vendor, upper case. */
  @PrimaryColumn('text') vendor: string;
  /** Key identifier, 40 lower-case hex. */
  @PrimaryColumn('text') keyId: string;
  @Column('text') region: 'EUS' | 'WUS' | 'NCU';
  /** A disabled one does not exist for clients: 404 on every operation (reference 06, D-A55). */
  @Column('boolean', { default: true }) enabled: boolean;
  @Column('timestamptz') createdAt: Date;
}
