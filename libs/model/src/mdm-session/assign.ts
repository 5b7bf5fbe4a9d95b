import { type EntityManager } from 'typeorm';
import { type IntuneAssignment, toEveryDevice } from './intune-assignment.js';
import { IntuneApp } from './intune-app.entity.js';
import { IntunePolicy } from './intune-policy.entity.js';
import { type PolicyProfile } from './policy-profile.js';

/** Where ids and keys come from. */
export interface IdSource {
  uuid(): string;
  bytes(length: number): Buffer;
}

/** What a tenant's administrator gives to devices and users, in the order of installation. */
export interface Assignments {
  readonly apps: readonly NewApp[];
  readonly policies: readonly NewPolicy[];
}

interface Assignable {
  /** Every device unless given. */
  readonly assignments?: readonly IntuneAssignment[] | undefined;
}

export interface NewApp extends Assignable, Pick<IntuneApp, 'id' | 'type' | 'detection' | 'exitCode' | 'seconds'> {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly publisher?: string | undefined;
  readonly version?: string | undefined;
  /** `{…}`; a `lob` app without one gets one. */
  readonly productCode?: string | undefined;
}

/** A single setting, or a profile. */
export type NewPolicy = Assignable &
  ({ readonly uri: string; readonly value: number | boolean | string } | { readonly name: string; readonly profile: PolicyProfile });

/** Puts these apps and policies in the place of those that the tenant had. */
export async function assignManagement(em: EntityManager, tenantId: string, given: Assignments, ids: IdSource, now: Date): Promise<void> {
  await em.delete(IntuneApp, { tenantId });
  await em.delete(IntunePolicy, { tenantId });
  if (given.apps.length > 0)
    await em.insert(
      IntuneApp,
      given.apps.map((app, index) => newApp(em, tenantId, app, index + 1, ids, now)),
    );
  if (given.policies.length > 0)
    await em.insert(
      IntunePolicy,
      given.policies.map((policy, index) => newPolicy(em, tenantId, policy, index + 1, ids, now)),
    );
}

/** A new app at a place in the order of installation. */
export const newApp = (em: EntityManager, tenantId: string, app: NewApp, position: number, ids: IdSource, now: Date): IntuneApp =>
  em.create(IntuneApp, {
    id: app.id,
    tenantId,
    position,
    type: app.type,
    name: app.name ?? app.id,
    description: app.description ?? '',
    publisher: app.publisher ?? '',
    version: app.version ?? '1.0',
    exitCode: app.exitCode,
    seconds: app.seconds,
    detection: app.detection,
    productCode: app.type === 'lob' ? (app.productCode ?? `{${ids.uuid()}}`).toUpperCase() : null,
    contentKey: ids.bytes(32),
    contentIv: ids.bytes(16),
    metadata: {},
    assignments: [...(app.assignments ?? toEveryDevice)],
    createdAt: now,
    modifiedAt: null,
  });

/** A new policy, as {@link newApp}. */
export function newPolicy(
  em: EntityManager,
  tenantId: string,
  policy: NewPolicy,
  position: number,
  ids: IdSource,
  now: Date,
): IntunePolicy {
  const what =
    'profile' in policy
      ? { uri: null, value: null, profile: policy.profile, displayName: policy.name }
      : { uri: policy.uri, value: policy.value, profile: null, displayName: '' };
  return em.create(IntunePolicy, {
    ...what,
    id: ids.uuid(),
    tenantId,
    position,
    description: '',
    version: 1,
    assignments: [...(policy.assignments ?? toEveryDevice)],
    createdAt: now,
    modifiedAt: null,
  });
}
