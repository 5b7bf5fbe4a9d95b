import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Values of per-tenant switches, keyed `<service>.<camelCase>` (reference 06, D-A69). */
export type Switches = Record<string, string | number | boolean>;

/** Enrollment Status Page settings (reference 05 C.3 `tenant.esp`; 06 D-B39..D-B43). */
export interface EspSettings {
  /** Show the device part / the user part; their negations are the Skip flags on the wire. */
  device: boolean;
  user: boolean;
  /** Minutes, at most 1440 on Intune routes. */
  timeoutMinutes: number;
  allowReset: boolean;
  allowRetry: boolean;
  allowContinue: boolean;
  collectLogs: boolean;
  /** Ids of the apps that block the page; empty means every required app. */
  block: string[];
  /** Further LocURIs in ExpectedPolicies. */
  expectedPolicies: string[];
  /** Policy providers registered in EnrollmentStatusTracking. */
  providers: string[];
  /** SCEP profiles that the page waits for, by name. */
  certificates?: string[];
  /** The organization's own words on a page that has failed. */
  customErrorText?: string;
  /** Whom the page is assigned to; a page of users does not hold while there is none (reference 05, 91). Devices unless given. */
  targeted?: 'devices' | 'users';
}

/** Who may join, and how (reference 05 C.3 `entra.deviceSettings`). */
export interface DeviceSettings {
  /** `all`, `none`, or the object ids of the users who may. */
  usersMayJoin: 'all' | 'none' | string[];
  usersMayRegister: 'all' | 'none' | string[];
  /** Devices a user may own; -1 is unlimited. */
  quota: number;
  mfaForJoin: boolean;
}

/** Enrollment restrictions (reference 05 C.3 `mdm.restrictions`). */
export interface EnrollmentRestrictions {
  windows: 'allow' | 'block';
  personal: 'allow' | 'block';
  /** Enrolled devices a user may have; -1 is unlimited. */
  cap: number;
  maintenance: boolean;
}

export interface ComplianceSettings {
  /** Sessions after the user-device association until the result is written (D-B30). */
  evaluateAfterSyncs: number;
  compliant: boolean;
}

@Entity('tenant')
export class Tenant {
  /** Tenant id (`tid`). */
  @PrimaryColumn('uuid') id: string;
  @Column('text') displayName: string;
  /** `<name>.onmicrosoft.com`, lower case. */
  @Column('text', { unique: true }) initialDomain: string;
  /** `EU`, `NA`, …: certificate extension .284.8 and `tenant_region_scope`. */
  @Column('text', { default: 'EU' }) region: string;
  /** Object ids of the two role objects whose SIDs a join returns (reference 02, 10.6); random per tenant. */
  @Column('uuid') globalAdministratorRoleId: string;
  @Column('uuid') deviceAdministratorRoleId: string;
  /** Intune account id, certificate extension 1.2.840.113556.5.6; not the tenant id. */
  @Column('uuid') intuneAccountId: string;
  @Column('jsonb', { default: {} }) switches: Switches;
  @Column('jsonb') esp: EspSettings;
  @Column('jsonb') deviceSettings: DeviceSettings;
  @Column('jsonb') enrollmentRestrictions: EnrollmentRestrictions;
  @Column('jsonb') compliance: ComplianceSettings;
  /** Deployment profile that applies when nothing is assigned. */
  @Column('uuid', { nullable: true }) defaultProfileId: string | null;
  @Column('timestamptz') createdAt: Date;
}

export const defaultEsp: EspSettings = {
  device: true,
  user: true,
  timeoutMinutes: 60,
  allowReset: true,
  allowRetry: true,
  allowContinue: false,
  collectLogs: true,
  block: [],
  expectedPolicies: [],
  providers: ['Sidecar'],
};
export const defaultDeviceSettings: DeviceSettings = { usersMayJoin: 'all', usersMayRegister: 'all', quota: 50, mfaForJoin: false };
export const defaultRestrictions: EnrollmentRestrictions = { windows: 'allow', personal: 'allow', cap: 15, maintenance: false };
export const defaultCompliance: ComplianceSettings = { evaluateAfterSyncs: 1, compliant: true };

/** A tenant's switch, or the default of the one who asks. */
export function switchOf<T extends string | number | boolean>(tenant: Pick<Tenant, 'switches'> | undefined, key: string, fallback: T): T {
  const value = tenant?.switches[key];
  return typeof value === typeof fallback ? (value as T) : fallback;
}
