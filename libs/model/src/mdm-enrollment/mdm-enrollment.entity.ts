import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type MdmEnrollmentState } from './enrollment-state.js';

/** An item of the request's `AdditionalContext`, as received; names repeat. */
export interface ContextItemRecord {
  name: string;
  value: string;
}

/** Digest secrets of the DM account: who authenticates to the other with what (provisioning document, APPAUTH). */
export interface DmAccountSecrets {
  /** AAUTHLEVEL CLIENT: the server proves itself to the device. Nonces are base64 of 16 bytes. */
  clientSecret: string;
  clientNonce: string;
  /** AAUTHLEVEL APPSRV: the device proves itself to the server. */
  serverSecret: string;
  serverNonce: string;
}

/** One enrollment of a device: made by RequestSecurityToken, carried on by OMA-DM, outlived by nothing but its record. */
@Entity('mdm_enrollment')
@Index(['tenantId', 'state'])
export class MdmEnrollment {
  /** Intune device id: subject of the MDM certificate, id of the managed device. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tenantId: string;
  @Column('text') state: MdmEnrollmentState;
  /** Where it was when it failed; null unless `failed`. */
  @Column('text', { nullable: true }) failedPhase: MdmEnrollmentState | null;
  /** Intune's internal number (06 D-B28). */
  @Column('int') enrollmentType: number;
  /** Provider id of the DM account: `MS DM Server`, or `Fleet`. */
  @Column('text') providerId: string;
  /** RST `DeviceID`, as sent: the device's DM id. */
  @Index() @Column('text') dmDeviceId: string;
  /** RST `HWDevID`, lower case; '' when not sent. */
  @Column('text') hwDevId: string;
  /** Entra device id of the token; null for a user without a device claim. */
  @Index() @Column('uuid', { nullable: true }) entraDeviceId: string | null;
  @Index() @Column('uuid', { nullable: true }) ztdId: string | null;
  /** The user who enrolled; null for a device token. Who owns the device is in the managed device. */
  @Column('uuid', { nullable: true }) enrolledBy: string | null;
  @Column('text', { default: '' }) serialNumber: string;
  /** Where the device keeps its certificate: `EnrollmentType` Device or Full (reference 04, 3.5 rule 6). */
  @Column('text') certificateStore: 'System' | 'User';
  /** Everything that the device said of itself, attestation claims included: stored, not verified (06 D-B13). */
  @Column('jsonb') context: ContextItemRecord[];
  @Column('jsonb') secrets: DmAccountSecrets;
  /** Certificate extension 1.2.840.113556.5.11: random, meaning unknown (reference 04, 3.6). */
  @Column('uuid') opaqueId: string;
  @Column('timestamptz') enrolledAt: Date;
  /** Set by `superseded` and `retired`. */
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
