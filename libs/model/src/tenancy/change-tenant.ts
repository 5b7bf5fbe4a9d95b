import { type EntityManager } from 'typeorm';
import { intuneMdmApplication, MdmApplication } from './mdm-application.entity.js';
import {
  type ComplianceSettings,
  type DeviceSettings,
  type EnrollmentRestrictions,
  type EspSettings,
  type Switches,
  Tenant,
} from './tenant.entity.js';
import { DirectoryUser } from './user.entity.js';

/** A change that cannot be made; the message says why. */
export class TenantChangeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TenantChangeError';
  }
}

type Partly<T> = { readonly [K in keyof T]?: T[K] | undefined };

export interface MdmApplicationChange {
  readonly appId?: string | undefined;
  readonly name?: string | undefined;
  readonly discoveryUrl?: string | undefined;
  /** Null: blank. */
  readonly termsUrl?: string | null | undefined;
  readonly scope: MdmApplication['scope'];
}

type UserChange = { readonly name: string } & Partly<Pick<DirectoryUser, 'accountEnabled' | 'mfaRequired' | 'intuneLicensed'>>;

/** What administrators set; what is left out stays. Users are named by user principal name or by the part before its `@`. */
export interface TenantChange {
  readonly esp?: Partly<EspSettings> | undefined;
  readonly deviceSettings?: Partly<DeviceSettings> | undefined;
  readonly restrictions?: Partly<EnrollmentRestrictions> | undefined;
  readonly compliance?: Partly<ComplianceSettings> | undefined;
  readonly switches?: Switches | undefined;
  /** In the place of those that there are. */
  readonly mdmApplications?: readonly MdmApplicationChange[] | undefined;
  readonly users?: readonly UserChange[] | undefined;
}

/** Changes a tenant's settings, in the caller's transaction; null when there is no such tenant. Throws {@link TenantChangeError}. */
export async function changeTenant(
  em: EntityManager,
  tenantId: string,
  change: TenantChange,
  ids: { uuid(): string },
): Promise<Tenant | null> {
  const tenant = await em.findOne(Tenant, { where: { id: tenantId }, lock: { mode: 'pessimistic_write' } });
  if (!tenant) return null;
  const users = await em.findBy(DirectoryUser, { tenantId });
  tenant.esp = { ...tenant.esp, ...given(change.esp) };
  tenant.deviceSettings = { ...tenant.deviceSettings, ...objectIds(given(change.deviceSettings), users) };
  tenant.enrollmentRestrictions = { ...tenant.enrollmentRestrictions, ...given(change.restrictions) };
  tenant.compliance = { ...tenant.compliance, ...given(change.compliance) };
  tenant.switches = { ...tenant.switches, ...change.switches };
  await em.save(tenant);
  for (const { name, ...members } of change.users ?? []) await em.update(DirectoryUser, { id: userOf(users, name).id }, given(members));
  if (change.mdmApplications) {
    await em.delete(MdmApplication, { tenantId });
    await em.insert(
      MdmApplication,
      change.mdmApplications.map((application, index) => applicationOf(tenantId, application, index, ids)),
    );
  }
  return tenant;
}

/** Only the members that have a value. */
function given<T extends object>(members: Partly<T> | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function objectIds(settings: Partial<DeviceSettings>, users: readonly DirectoryUser[]): Partial<DeviceSettings> {
  const idsOf = (who: DeviceSettings['usersMayJoin']): DeviceSettings['usersMayJoin'] =>
    typeof who === 'string' ? who : who.map((name) => userOf(users, name).id);
  return {
    ...settings,
    ...(settings.usersMayJoin ? { usersMayJoin: idsOf(settings.usersMayJoin) } : {}),
    ...(settings.usersMayRegister ? { usersMayRegister: idsOf(settings.usersMayRegister) } : {}),
  };
}

function userOf(users: readonly DirectoryUser[], name: string): DirectoryUser {
  const wanted = name.toLowerCase();
  const user = users.find(({ id, upn }) => id === wanted || upn === wanted || upn.startsWith(`${wanted}@`));
  if (!user) throw new TenantChangeError(`The tenant has no user "${name}"`);
  return user;
}

/** The first without an id is Intune; what is left out is Intune's. */
function applicationOf(
  tenantId: string,
  { appId, name, discoveryUrl, termsUrl, scope }: MdmApplicationChange,
  index: number,
  ids: { uuid(): string },
): Partial<MdmApplication> {
  return {
    tenantId,
    appId: appId ?? (index === 0 ? intuneMdmApplication.appId : ids.uuid()),
    displayName: name ?? intuneMdmApplication.displayName,
    enrollmentUrl: discoveryUrl ?? intuneMdmApplication.enrollmentUrl,
    termsOfUseUrl: termsUrl === null ? '' : (termsUrl ?? intuneMdmApplication.termsOfUseUrl),
    complianceUrl: intuneMdmApplication.complianceUrl,
    scope,
  };
}
