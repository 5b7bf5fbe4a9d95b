import { deviceTpmKeyState } from '@greenscreen/model/attestation';
import { type MsaDevice } from '@greenscreen/model/msa';
import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

/** No switch: the state is what the records say. */
const FROM_RECORDS = -1;

/**
 * `DeviceTpmKeyState`, computed whenever it is told: what counts is the EK that the device showed, and AIK certificates since its account was
 * made (reference 06, D-A6). The switch `ztd.msaTpmKeyState` overrides it, which is the only way to see a disabled key.
 */
export async function keyStateOf(
  em: EntityManager,
  { ekHash, createdAt }: Pick<MsaDevice, 'ekHash' | 'createdAt'>,
  tenantId: string | undefined,
): Promise<number> {
  const tenant = tenantId === undefined ? null : await em.findOneBy(Tenant, { id: tenantId });
  const forced = switchOf(tenant ?? undefined, 'ztd.msaTpmKeyState', FROM_RECORDS);
  return forced === FROM_RECORDS ? deviceTpmKeyState(em, ekHash, createdAt) : forced;
}
