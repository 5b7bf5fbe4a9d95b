import { type EntityManager } from 'typeorm';
import { assignManagement, type IdSource } from './assign.js';

/** What a new tenant manages its devices with: one Win32 app and one device policy, so that a run meets both. */
export function addDefaultManagement(em: EntityManager, tenantId: string, ids: IdSource, now: Date): Promise<void> {
  return assignManagement(
    em,
    tenantId,
    {
      apps: [{ id: ids.uuid(), type: 'win32', name: 'Contoso VPN', detection: 'match', exitCode: 0, seconds: 20 }],
      policies: [{ uri: './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled', value: 0 }],
    },
    ids,
    now,
  );
}
