import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When Intune and the device directory were last brought together (Graph `windowsAutopilotSettings`); the status is derived from it. */
@Entity('autopilot_settings')
export class AutopilotSettings {
  @PrimaryColumn('uuid') tenantId: string;
  /** Of the last sync that an administrator asked for. */
  @Column('timestamptz', { nullable: true }) triggeredAt: Date | null;
  /** When that sync is over. */
  @Column('timestamptz', { nullable: true }) completesAt: Date | null;
}
