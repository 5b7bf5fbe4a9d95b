import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Out-of-box experience settings of a profile, in Graph's current spelling (reference 01, 3.5). */
export interface OutOfBoxExperience {
  privacySettingsHidden: boolean;
  eulaHidden: boolean;
  userType: 'administrator' | 'standard';
  /** `singleUser` is user-driven, `shared` is self-deploying. */
  deviceUsageType: 'singleUser' | 'shared';
  keyboardSelectionPageSkipped: boolean;
  escapeLinkHidden: boolean;
}

/** A deployment profile (Graph `windowsAutopilotDeploymentProfile`). */
@Entity('deployment_profile')
export class DeploymentProfile {
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') tenantId: string;
  @Column('text') displayName: string;
  @Column('text', { default: '' }) description: string;
  /** `entra`: azureADWindowsAutopilotDeploymentProfile; `hybrid`: activeDirectoryWindowsAutopilotDeploymentProfile. */
  @Column('text', { default: 'entra' }) joinType: 'entra' | 'hybrid';
  @Column('boolean', { default: false }) hybridSkipConnectivityCheck: boolean;
  @Column('boolean', { default: false }) preprovisioningAllowed: boolean;
  @Column('boolean', { default: false }) hardwareHashExtractionEnabled: boolean;
  @Column('text', { default: 'os-default' }) locale: string;
  @Column('text', { default: '' }) deviceNameTemplate: string;
  @Column('text', { default: 'windowsPc' }) deviceType: string;
  @Column('jsonb') outOfBoxExperience: OutOfBoxExperience;
  @Column('text', { array: true, default: ['0'] }) roleScopeTagIds: string[];
  @Column('timestamptz') createdDateTime: Date;
  @Column('timestamptz') lastModifiedDateTime: Date;
}

/** Where a profile goes. The client makes the id: `<profile>_<group>_0` (reference 01, 3.5). */
@Entity('profile_assignment')
export class ProfileAssignment {
  @PrimaryColumn('text') id: string;
  @Index() @Column('uuid') tenantId: string;
  @Index() @Column('uuid') profileId: string;
  /** `device` is Graph's direct `assign` action; its target is the ZTD id. */
  @Column('text') target: 'allDevices' | 'group' | 'exclusionGroup' | 'device';
  @Column('uuid', { nullable: true }) targetId: string | null;
  @Column('timestamptz') createdAt: Date;
}
