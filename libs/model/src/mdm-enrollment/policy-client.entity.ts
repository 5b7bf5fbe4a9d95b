import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a device said of its TPM when it asked for the enrollment policy (reference 04, 2.1). */
@Entity('mdm_policy_client')
export class MdmPolicyClient {
  @PrimaryColumn('uuid') tenantId: string;
  /** Entra device id of the token. */
  @PrimaryColumn('uuid') entraDeviceId: string;
  @Column('text') tpmManufacturer: string;
  @Column('text') tpmFirmwareVersion: string;
  @Column('timestamptz') at: Date;
}
