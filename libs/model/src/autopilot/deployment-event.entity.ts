import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type DeploymentState =
  'unknown' | 'success' | 'inProgress' | 'failure' | 'successWithTimeout' | 'notAttempted' | 'disabled' | 'successOnRetry';

/** One row per deployment (Graph `windowsAutopilotDeploymentEvent`, EVT in reference 05). Life: 06 D-B35. */
@Entity('deployment_event')
@Index(['ztdId', 'globalDeviceId'], { unique: true })
export class DeploymentEvent {
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('uuid') ztdId: string;
  /** GlobalDeviceID of the device ticket: a Retry meets the same row, a Reset a new one. */
  @Column('text') globalDeviceId: string;
  @Column('text') deploymentState: DeploymentState;
  @Column('text') enrollmentType: string;
  @Column('text', { default: 'unknown' }) deviceSetupStatus: DeploymentState;
  @Column('text', { default: 'unknown' }) accountSetupStatus: DeploymentState;
  @Column('text', { default: '' }) enrollmentFailureDetails: string;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
