import { type DeviceTraits } from '@greenscreen/device/context';
import { type Scenario } from '../format/index.js';
import { SeededRandom } from './seeded-random.js';

export interface TraitSources {
  readonly device: Scenario['device'];
  readonly seed: number;
  readonly tenantId: string;
  readonly serial: string;
}

/**
 * The PC that a scenario describes. What must be unique in the world, the SMBIOS UUID and the network address, comes from seed and tenant, so
 * that the same serial number in two tenants is two machines (reference 06, D-A9).
 */
export function traitsOf({ device, seed, tenantId, serial }: TraitSources): DeviceTraits {
  const random = new SeededRandom(`hardware ${seed} ${tenantId} ${serial}`);
  return {
    serial,
    manufacturer: device.manufacturer,
    model: device.model,
    sku: `${device.model.replaceAll(' ', '-').toUpperCase()}-SKU`,
    systemFamily: device.model,
    smbiosUuid: random.uuid(),
    macAddresses: [macAddress(random.bytes(4))],
    osBuild: device.os_build,
    edition: device.edition,
    locale: 'en-US',
    tpm: { kind: device.tpm.kind, vendor: device.tpm.vendor, firmware: device.tpm.firmware, ek: device.tpm.ek },
    unjoin: device.unjoin,
    corruptChallengeAnswer: false,
  };
}

/** A locally administered address: nobody's card has it. */
const macAddress = (tail: Buffer): string =>
  ['02', '00', ...[...tail].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())].join('-');
