import { type DeviceFacts, tpmVersionText } from '@greenscreen/wire/hardware-hash';
import { type DeviceTraits } from '../context/index.js';
import { type Tpm } from '../tpm/index.js';

/** What the OA3 tool finds in this PC at the given time. */
export function hardwareFacts(traits: DeviceTraits, tpm: Pick<Tpm, 'endorsementKey'>, time: Date): DeviceFacts {
  const { serial, manufacturer, model, sku, systemFamily: family, smbiosUuid, macAddresses, osBuild, productKeyId } = traits;
  return {
    serial,
    manufacturer,
    model,
    sku,
    family,
    smbiosUuid,
    macAddresses,
    osBuild,
    time,
    ...(productKeyId === undefined ? {} : { productKeyId }),
    ...(traits.tpm.kind === 'none'
      ? {}
      : { ekPublic: tpm.endorsementKey.publicKey, tpmVersion: tpmVersionText(traits.tpm.vendor, traits.tpm.firmware) }),
  };
}
