import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type DeviceContext, editions, osVersion } from '../context/index.js';
import { type ConfigurationServiceProvider } from './provider.js';

/** What the device says of itself: DevInfo, DevDetail, edition and status nodes (reference 04, 4.4 "Inventory"). Read-only. */
export function deviceInformation(
  { traits, clock }: Pick<DeviceContext, 'traits' | 'clock'>,
  identity: { readonly deviceId: string; readonly computerName: () => string; readonly hardwareHash: () => string | undefined },
): ConfigurationServiceProvider[] {
  const text = (data: string | undefined): { format: string; data: string } | undefined =>
    data === undefined ? undefined : { format: 'chr', data };
  const number = (data: number): { format: string; data: string } => ({ format: 'int', data: String(data) });
  const nodes: Readonly<Record<string, () => { format: string; data: string } | undefined>> = {
    './DevInfo/DevId': () => text(identity.deviceId),
    './DevInfo/Man': () => text(traits.manufacturer),
    './DevInfo/Mod': () => text(traits.model),
    './DevInfo/DmV': () => text('1.3'),
    './DevInfo/Lang': () => text(traits.locale),
    './DevDetail/SwV': () => text(osVersion(traits)),
    './DevDetail/OEM': () => text(traits.manufacturer),
    './DevDetail/Ext/DeviceHardwareData': () => text(identity.hardwareHash()),
    './DevDetail/Ext/Microsoft/DeviceName': () => text(identity.computerName()),
    './DevDetail/Ext/Microsoft/LocalTime': () => text(clock.now().toISOString()),
    './DevDetail/Ext/Microsoft/OSPlatform': () => text(`Windows ${traits.edition}`),
    './DevDetail/Ext/Microsoft/ProcessorArchitecture': () => number(9),
    './DevDetail/Ext/Microsoft/SMBIOSSerialNumber': () => text(traits.serial),
    './Vendor/MSFT/WindowsLicensing/Edition': () => number(editions[traits.edition]),
    './Vendor/MSFT/DeviceStatus/OS/Edition': () => number(editions[traits.edition]),
    './Vendor/MSFT/DeviceStatus/OS/Mode': () => number(0),
  };
  const computed = new Map(Object.entries(nodes).map(([uri, value]) => [canonicalUri(uri), value]));
  const readOnly = (root: string): ConfigurationServiceProvider => ({
    root: canonicalUri(root),
    get: (uri) => computed.get(uri)?.(),
    write: (uri) => (computed.has(uri) ? statusCode.notAllowed : undefined),
    delete: (uri) => (computed.has(uri) ? statusCode.notAllowed : undefined),
  });
  return ['./DevInfo', './DevDetail', './Vendor/MSFT/WindowsLicensing', './Vendor/MSFT/DeviceStatus'].map(readOnly);
}
