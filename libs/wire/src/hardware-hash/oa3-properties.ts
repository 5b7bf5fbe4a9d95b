import { ekHashOfNumbers } from './endorsement-key.js';
import { type BuildVersion, type HardwareReport } from './hardware-report.js';

/** One line of a report: a name that oa3tool uses, and its value as text. */
export interface Oa3Property {
  readonly name: string;
  readonly value: string;
}

const versionText = ({ major, minor, build, revision }: BuildVersion): string => `${major}.${minor}.${build}.${revision}`;

/** `+01:00`; the largest value stands for "not set" and reads `+30:00`, as oa3tool prints it (reference 01, 1.3). */
function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const dateText = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

const osTypes: Readonly<Record<number, string>> = { 1: 'WinPE', 2: 'FullOS' };
const architectures: Readonly<Record<number, string>> = { 0: 'X86', 9: 'X64', 12: 'ARM64' };
const mediums: Readonly<Record<number, string>> = { 0: 'Unspecified', 1: 'WLAN', 9: 'Native802_11', 10: 'Bluetooth', 14: 'Ethernet' };
const buses: Readonly<Record<number, string>> = { 1: 'SCSI', 2: 'ATAPI', 3: 'ATA', 8: 'RAID', 10: 'SAS', 11: 'SATA', 17: 'NVMe' };
const diskTypes: Readonly<Record<number, string>> = { 0: 'SSD', 255: 'HDD' };
const corrections: Readonly<Record<number, string>> = { 3: 'None', 4: 'Parity', 5: 'SingleBitECC', 6: 'MultiBitECC', 7: 'CRC' };
const offlineIdTypes: Readonly<Record<number, string>> = { 1: 'TPM_EK', 2: 'UEFI_VARIABLE_TPM' };
const nameIn = (names: Readonly<Record<number, string>>, value: number): string => names[value] ?? String(value);

/** The lines of a report in oa3tool's names (reference 01, 1.3); what the report lacks has no line, what it has twice has two. */
export function oa3PropertiesOf(report: HardwareReport): Oa3Property[] {
  const lines: (readonly [string, string | number | undefined])[] = [
    ...collectionLines(report),
    ...processorLines(report),
    ...storageLines(report),
    ...report.networkAdapters.flatMap(({ medium, macAddress }) => [
      ['PhysicalMedium', nameIn(mediums, medium)] as const,
      ['MacAddress', macAddress] as const,
    ]),
    ...report.displays.flatMap((display) => [
      ['DisplaySizePhysicalH', display.widthMm] as const,
      ['DisplaySizePhysicalV', display.heightMm] as const,
      ['DisplayResolutionHorizontal', display.horizontalPixels] as const,
      ['DisplayResolutionVertical', display.verticalPixels] as const,
    ]),
    ...report.videoAdapters.map((name) => ['VideoAdapter', name] as const),
    ['ChassisType', report.chassis?.type],
    ['PowerPlatformRole', report.chassis?.powerRole],
    ...tpmLines(report),
    ...firmwareLines(report),
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
}

const collectionLines = ({ collection }: HardwareReport) =>
  collection
    ? ([
        ['ToolVersion', collection.toolVersion],
        ['ToolBuild', versionText(collection.toolBuild)],
        ['OSType', nameIn(osTypes, collection.osType)],
        ['OsCpuArchitecture', nameIn(architectures, collection.architecture)],
        ['OsBuild', versionText(collection.osBuild)],
        ['OsSystemTime', dateText(collection.time)],
        [
          'OsLocalTime',
          `${dateText(new Date(collection.time.getTime() + collection.utcOffsetMinutes * 60_000)).slice(0, 19)}${offsetText(collection.utcOffsetMinutes)}`,
        ],
      ] as const)
    : [];

const processorLines = ({ processor, processorManufacturer, processorModel, memory }: HardwareReport) =>
  [
    ['ProcessorArchitecture', processor && nameIn(architectures, processor.architecture)],
    ['ProcessorPackages', processor?.packages],
    ['ProcessorCores', processor?.cores],
    ['ProcessorThreads', processor?.threads],
    ['ProcessorHyperThreading', processor && String(processor.hyperThreading)],
    ['ProcessorManufacturer', processorManufacturer],
    ['ProcessorModel', processorModel],
    ['TotalPhysicalRam', memory?.installedGb],
    ['SmbiosRamMaximumCapacity', memory?.maximumGb],
    ['SmbiosRamSlots', memory?.slots],
    ['SmbiosRamArrayCount', memory?.arrays],
    ['SmbiosRamErrorCorrection', memory && nameIn(corrections, memory.errorCorrection)],
  ] as const;

const storageLines = ({ disks, diskSerialNumbers, diskKernelSerialNumbers }: HardwareReport) => [
  ...disks.flatMap(({ capacityGb, bus, type }) => [
    ['DiskCapacity', capacityGb] as const,
    ['StorageBusType', nameIn(buses, bus)] as const,
    ['DiskType', nameIn(diskTypes, type)] as const,
  ]),
  ...diskSerialNumbers.map((serial) => ['DiskSerialNumber', serial] as const),
  ...diskKernelSerialNumbers.map((serial) => ['DiskSSNKernel', serial] as const),
];

const tpmLines = ({ tpmVersion, ekPublic, offlineDeviceId }: HardwareReport) =>
  [
    ['TPMVersion', tpmVersion],
    ['TPM EkPub', ekPublic?.toString('base64')],
    ['EkPubHash', ekPublic && ekHashOfNumbers(ekPublic)],
    ['OfflineDeviceId', offlineDeviceId?.id.toString('base64')],
    ['OfflineDeviceIdType', offlineDeviceId && nameIn(offlineIdTypes, offlineDeviceId.type)],
  ] as const;

const firmwareLines = (report: HardwareReport) =>
  [
    ['SmbiosUuid', report.smbiosUuid],
    ['SmbiosSystemSerialNumber', report.serialNumber],
    ['SmbiosFirmwareVendor', report.firmwareVendor],
    ['SmbiosSystemManufacturer', report.manufacturer],
    ['SmbiosSystemProductName', report.productName],
    ['SmbiosSkuNumber', report.skuNumber],
    ['SmbiosSystemFamily', report.systemFamily],
    ['SmbiosBoardProduct', report.boardProduct],
    ['SmbiosBoardVersion', report.boardVersion],
    ['SmbiosSystemVersion', report.systemVersion],
    ['ProductKeyID', report.productKeyId],
    ['ProductKeyPkPn', report.productKeyPartNumber],
  ] as const;

/** What `oa3tool /ValidateHwHash` misses in a report (reference 01, 1.5). An import does without any of them but the serial number. */
export function missingCriticalFields(report: HardwareReport): string[] {
  const critical: Readonly<Record<string, unknown>> = {
    DiskSerialNumber: report.diskSerialNumbers[0],
    TPMVersion: report.tpmVersion,
    EkPubHash: report.ekPublic,
    MacAddress: report.networkAdapters[0],
    ProductKeyID: report.productKeyId,
    SmbiosSystemFamily: report.systemFamily,
    SmbiosSystemManufacturer: report.manufacturer,
    SmbiosSystemProductName: report.productName,
    SmbiosSystemSerialNumber: report.serialNumber,
    SmbiosSkuNumber: report.skuNumber,
    SmbiosUuid: report.smbiosUuid,
  };
  return Object.entries(critical).flatMap(([name, value]) => (value === undefined || value === '' ? [name] : []));
}
