import { type SimulatedDevice } from '@greenscreen/device/machine';
import { type KeyPool } from '@greenscreen/crypto/keys';
import { type DeviceFacts, hardwareHashOf } from '@greenscreen/wire/hardware-hash';
import { type ScenarioDevice } from '../format/index.js';

export interface HashSources {
  readonly device: Pick<SimulatedDevice, 'facts'>;
  readonly relation: ScenarioDevice['hash'];
  /** The serial number that the administrator knows. */
  readonly serial: string;
  readonly keys: KeyPool;
}

/** Ids of the PC's product keys, as the OA3 tool reports them: the one that it came with, and the one that it has now. */
const productKeys = { then: '3305250119541', now: '3305250119548' };

/**
 * The hash that the administrator has of this PC: the PC's own, or one from before its board, its serial number or its key changed (reference
 * 06, D-A63).
 */
export async function registeredHash({ device, relation, serial, keys }: HashSources): Promise<string> {
  const hash = hardwareHashOf({ ...device.facts(), serial, ...(await differences(relation, keys)) });
  // The last characters were lost on the way through a spreadsheet: what is left is no base64.
  return relation === 'damaged' ? hash.slice(0, -3) : hash;
}

async function differences(relation: ScenarioDevice['hash'], keys: KeyPool): Promise<Partial<DeviceFacts>> {
  if (relation === 'other_board') return { ekPublic: (await keys.take('rsa2048')).publicKey, smbiosUuid: OTHER_BOARD };
  return relation === 'pkid_changed' ? { productKeyId: productKeys.then } : {};
}

const OTHER_BOARD = '0b0a2d00-0000-4000-8000-0000000b0a2d';

/** What the PC itself reports of its product key. */
export const reportedProductKey = (relation: ScenarioDevice['hash']): string | undefined =>
  relation === 'pkid_changed' ? productKeys.now : undefined;
