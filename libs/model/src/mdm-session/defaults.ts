import { type EntityManager } from 'typeorm';
import { IntuneApp } from './intune-app.entity.js';
import { IntunePolicy } from './intune-policy.entity.js';

interface IdSource {
  uuid(): string;
  bytes(length: number): Buffer;
}

/** What a new tenant manages its devices with: one Win32 app and one device policy, so that a run meets both. */
export async function addDefaultManagement(em: EntityManager, tenantId: string, ids: IdSource, now: Date): Promise<void> {
  await em.insert(IntuneApp, {
    id: ids.uuid(),
    tenantId,
    position: 1,
    type: 'win32',
    name: 'Contoso VPN',
    version: '1.0',
    exitCode: 0,
    seconds: 20,
    detection: 'match',
    productCode: null,
    contentKey: ids.bytes(32),
    contentIv: ids.bytes(16),
    createdAt: now,
  });
  await em.insert(IntunePolicy, {
    id: ids.uuid(),
    tenantId,
    position: 1,
    uri: './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled',
    value: 0,
    createdAt: now,
  });
}
