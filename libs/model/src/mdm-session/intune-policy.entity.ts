import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A setting that a tenant gives to its devices (reference 05, C.3 `policies[]`). */
@Entity('intune_policy')
@Index(['tenantId', 'position'])
export class IntunePolicy {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('int') position: number;
  /** `./Device/…`, `./Vendor/…` or, for the signed-in user, `./User/…`. */
  @Column('text') uri: string;
  /** Its JSON type picks the format on the wire: number int, boolean bool, string chr (06 D-B51). */
  @Column('jsonb') value: number | boolean | string;
  @Column('timestamptz') createdAt: Date;
}
