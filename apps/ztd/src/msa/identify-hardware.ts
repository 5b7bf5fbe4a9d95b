import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { ddidOfEk, ddidWithoutEk, ekHashOfNumbers } from '@greenscreen/wire/hardware-hash';
import { type DeviceAddRequest, factsOfComponents } from '@greenscreen/wire/msa';
import { type EntityManager } from 'typeorm';

/** What a device add says about the hardware. */
export interface Hardware {
  readonly ddid: string;
  /** The EK that the device showed; null when it showed none, even if a registration knows one. */
  readonly ekHash: string | null;
}

const RSA_2048 = 256;

/**
 * Whose hardware it is, in the order of reference 06, D-A4: the id of hash record 11; a TPM key that is a registered EK (foreign clients send
 * some other key there); UUID and serial of exactly one registration; UUID and serial alone.
 */
export async function identifyHardware(em: EntityManager, request: DeviceAddRequest): Promise<Hardware> {
  const { ekHash, smbiosUuid, serial } = factsOfComponents(request.components);
  if (ekHash !== undefined) return { ddid: ddidOfEk(ekHash), ekHash };
  const registeredKey = request.tpmModulus && ekHashOfModulus(request.tpmModulus);
  if (registeredKey !== undefined && (await em.existsBy(AutopilotDevice, { ekHash: registeredKey })))
    return { ddid: ddidOfEk(registeredKey), ekHash: registeredKey };
  if (smbiosUuid === undefined && serial === undefined) return { ddid: ddidOfNobody(request.membername), ekHash: null };
  const registered =
    smbiosUuid === undefined || serial === undefined ? [] : await em.findBy(AutopilotDevice, { smbiosUuid, serialNumber: serial });
  const [registration] = registered;
  if (registration && registered.length === 1) return { ddid: registration.ddid, ekHash: null };
  return { ddid: ddidWithoutEk(smbiosUuid ?? '', serial ?? ''), ekHash: null };
}

/** Sign byte off, padded to the key's size (reference 06, D-A1). */
function ekHashOfModulus(modulus: Buffer): string {
  const start = modulus.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? modulus.subarray(0, 0) : modulus.subarray(start);
  return ekHashOfNumbers(Buffer.concat([Buffer.alloc(Math.max(0, RSA_2048 - digits.length)), digits]));
}

/** A client that says nothing about its hardware is only itself: otherwise all of them would be one device [our choice]. */
const ddidOfNobody = (membername: string): string => ddidWithoutEk('', `membername:${membername}`);
