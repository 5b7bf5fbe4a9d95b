import { type EntityManager } from 'typeorm';
import { IntuneApp } from './intune-app.entity.js';
import { IntunePolicy } from './intune-policy.entity.js';

/** Where ids and keys come from. */
export interface IdSource {
  uuid(): string;
  bytes(length: number): Buffer;
}

/** What a tenant's administrator gives to every device, in the order of installation. */
export interface Assignments {
  readonly apps: readonly NewApp[];
  readonly policies: readonly Pick<IntunePolicy, 'uri' | 'value'>[];
}
export interface NewApp extends Pick<IntuneApp, 'id' | 'type' | 'detection' | 'exitCode' | 'seconds'> {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** `{…}`; a `lob` app without one gets one. */
  readonly productCode?: string | undefined;
}

/** Puts these apps and policies in the place of those that the tenant had. */
export async function assignManagement(em: EntityManager, tenantId: string, given: Assignments, ids: IdSource, now: Date): Promise<void> {
  await em.delete(IntuneApp, { tenantId });
  await em.delete(IntunePolicy, { tenantId });
  if (given.apps.length > 0)
    await em.insert(
      IntuneApp,
      given.apps.map(({ id, type, detection, exitCode, seconds, name, version, productCode }, index) => ({
        id,
        tenantId,
        position: index + 1,
        type,
        name: name ?? id,
        version: version ?? '1.0',
        exitCode,
        seconds,
        detection,
        productCode: type === 'lob' ? (productCode ?? `{${ids.uuid()}}`).toUpperCase() : null,
        contentKey: ids.bytes(32),
        contentIv: ids.bytes(16),
        createdAt: now,
      })),
    );
  if (given.policies.length > 0)
    await em.insert(
      IntunePolicy,
      given.policies.map(({ uri, value }, index) => ({ id: ids.uuid(), tenantId, position: index + 1, uri, value, createdAt: now })),
    );
}
