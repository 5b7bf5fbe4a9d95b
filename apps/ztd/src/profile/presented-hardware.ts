import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { decodeHardwareHash, HardwareHashError, type HardwareIdentity, hardwareIdentityOf } from '@greenscreen/wire/hardware-hash';
import { type EntityManager } from 'typeorm';

/** What a hardware hash says, by the rules of the tenant's import; undefined when it cannot be read. */
export function readHardwareHash(hash: string, tenant?: Tenant): HardwareIdentity | undefined {
  try {
    const report = decodeHardwareHash(hash, { requireChecksum: switchOf(tenant, 'graph.hashRequireChecksum', true) });
    return hardwareIdentityOf(report, { allowEcc: switchOf(tenant, 'graph.hashAllowEcc', false) });
  } catch (error) {
    if (error instanceof HardwareHashError) return undefined;
    throw error;
  }
}

/**
 * The registration of a machine whose board was swapped: names and UUID as registered, which the OEM wrote into the new board, but another EK
 * (reference 01, 7.5; 06, D-A63). The UUID has to agree, since serial numbers of different tenants' machines may be the same.
 */
export async function registrationBeforeBoardSwap(em: EntityManager, presented: HardwareIdentity): Promise<AutopilotDevice | undefined> {
  const { smbiosUuid, serialNumber, manufacturer, model, ekHash } = presented;
  if (smbiosUuid === null || ekHash === null || serialNumber === '') return undefined;
  const namesakes = await em.findBy(AutopilotDevice, { smbiosUuid, serialNumber });
  const found = namesakes.filter(
    (device) => device.manufacturer === manufacturer && device.model === model && device.ekHash !== null && device.ekHash !== ekHash,
  );
  return found.length === 1 ? found[0] : undefined;
}
