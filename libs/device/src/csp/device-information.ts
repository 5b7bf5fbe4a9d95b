import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type DeviceContext, editions, osVersion } from '../context/index.js';
import { type ConfigurationServiceProvider } from './provider.js';

/** What only others know of the device. */
export interface DeviceNames {
  /** RST `DeviceID`. */
  readonly deviceId: string;
  readonly computerName: () => string;
  readonly hardwareHash: () => string | undefined;
  /** What a changed PC has to say for itself, when it has (WindowsAutopilot CSP; reference 05, 20). */
  readonly hardwareMismatch: () => string | undefined;
}

/** What the device says of itself: DevInfo, DevDetail, edition and status nodes (reference 04, 4.4 "Inventory"). Read-only. */
export function deviceInformation(
  { traits, clock }: Pick<DeviceContext, 'traits' | 'clock'>,
  identity: DeviceNames,
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
    './Vendor/MSFT/WindowsAutopilot/HardwareMismatchRemediationData': () => text(identity.hardwareMismatch()),
    './Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions': () => ({ format: 'xml', data: CSP_VERSIONS }),
  };
  const computed = new Map(Object.entries(nodes).map(([uri, value]) => [canonicalUri(uri), value]));
  const readOnly = (root: string): ConfigurationServiceProvider => ({
    root: canonicalUri(root),
    get: (uri) => computed.get(uri)?.(),
    write: (uri) => (computed.has(uri) ? statusCode.notAllowed : undefined),
    delete: (uri) => (computed.has(uri) ? statusCode.notAllowed : undefined),
  });
  return roots.map(readOnly);
}

const roots = [
  './DevInfo',
  './DevDetail',
  './Vendor/MSFT/WindowsLicensing',
  './Vendor/MSFT/DeviceStatus',
  './Vendor/MSFT/WindowsAutopilot',
  './Vendor/MSFT/DeviceManageability',
];

/** The providers that this device has rules for; a real list is some 16 KiB long (DeviceManageability CSP). */
const CSP_VERSIONS = `<?xml version="1.0" encoding="utf-8"?><DeviceManageability Version="com.microsoft/1.1/MDM/DeviceManageability"><Capabilities><CSPVersions>${[
  './DevDetail',
  './DevInfo',
  './Device/Vendor/MSFT/ClientCertificateInstall',
  './Device/Vendor/MSFT/DMClient',
  './Device/Vendor/MSFT/EnrollmentStatusTracking',
  './Device/Vendor/MSFT/EnterpriseDesktopAppManagement',
  './Device/Vendor/MSFT/Policy',
  './Device/Vendor/MSFT/Reboot',
  './Device/Vendor/MSFT/RemoteWipe',
]
  .map((node) => `<CSP Node="${node}" Version="1.0"/>`)
  .join('')}</CSPVersions></Capabilities></DeviceManageability>`;
