import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { type DeviceTraits } from '@greenscreen/device/context';
import { type ScenarioDevice } from '../format/index.js';
import { reportedProductKey } from './registered-hash.js';

export interface TraitSources {
  readonly device: ScenarioDevice;
  readonly seed: number;
  readonly tenantId: string;
  readonly serial: string;
  /** Host names that the scenario's faults keep from resolving, and whether they keep the time away (reference 06, D-A72). */
  readonly network?: { readonly unresolved: readonly string[]; readonly noTime: boolean };
}

/**
 * The PC that a scenario describes. What must be unique in the world, the SMBIOS UUID and the network address, comes from seed and tenant, so
 * that the same serial number in two tenants is two machines (reference 06, D-A9).
 */
export function traitsOf({ device, seed, tenantId, serial, network }: TraitSources): DeviceTraits {
  const random = new SeededRandom(`hardware ${seed} ${tenantId} ${serial}`);
  const { tpm } = device;
  return {
    // The board's number, as it is now; the administrator knows the one of before.
    serial: device.hash === 'serial_changed' ? `${serial}-NEW` : serial,
    manufacturer: device.manufacturer,
    model: device.model,
    sku: `${device.model.replaceAll(' ', '-').toUpperCase()}-SKU`,
    systemFamily: device.model,
    smbiosUuid: random.uuid(),
    macAddresses: [macAddress(random.bytes(4))],
    osBuild: device.os_build,
    edition: device.edition,
    locale: 'en-US',
    productKeyId: reportedProductKey(device.hash),
    tpm: {
      kind: tpm.kind,
      vendor: tpm.vendor === 'MSFT-vm' ? 'MSFT' : tpm.vendor,
      firmware: tpm.firmware,
      spec: tpm.spec,
      vulnerabilityFlags: tpm.vulnerability_flags,
      fault: tpm.fault,
      ek: { alg: tpm.ek.alg, cert: tpm.ek.cert, odcaSupported: tpm.ek.odca_supported },
    },
    unjoin: device.unjoin,
    corruptChallengeAnswer: false,
    ui: device.ui,
    ime: device.ime,
    processors: device.processors,
    userScope405: device.userScope405,
    network: {
      ncsi: device.network.ncsi,
      ntp: network?.noTime ? 'fail' : device.network.ntp,
      unresolved: [...Object.keys(device.network.dns), ...(network?.unresolved ?? [])].map((host) => host.toLowerCase()),
      proxy: device.network.proxy,
    },
    wlidsvc: device.services.wlidsvc,
    enroll: { omit: device.enroll.omit, keyFault: device.enroll.key_fault },
    updatePage: device.whitegloveupdate,
    afterAutopilotReset: device.after_autopilot_reset,
  };
}

/** A locally administered address: nobody's card has it. */
const macAddress = (tail: Buffer): string =>
  ['02', '00', ...[...tail].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())].join('-');
