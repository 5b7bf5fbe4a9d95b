import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { tpmKeyStates } from '@greenscreen/wire/msa';
import { type EntityManager } from 'typeorm';

export interface KeyStateQuestion {
  readonly tenantId: string | undefined;
  readonly ekHash: string | null;
}

/** No switch: the state is what the records say. */
const FROM_RECORDS = -1;

/**
 * `DeviceTpmKeyState`, computed whenever it is told (reference 06, D-A6). The switch `ztd.msaTpmKeyState` overrides it, which is the only way
 * to see a disabled key.
 */
export async function keyStateOf(em: EntityManager, { tenantId, ekHash }: KeyStateQuestion): Promise<number> {
  const tenant = tenantId === undefined ? null : await em.findOneBy(Tenant, { id: tenantId });
  const forced = switchOf(tenant ?? undefined, 'ztd.msaTpmKeyState', FROM_RECORDS);
  if (forced !== FROM_RECORDS) return forced;
  return ekHash === null ? tpmKeyStates.software : tpmKeyStates.unattested;
}
