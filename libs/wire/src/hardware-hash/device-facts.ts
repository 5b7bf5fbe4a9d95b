import { type KeyObject } from 'node:crypto';
import { ekHashOfNumbers, ekPublicNumbers } from './endorsement-key.js';
import { encodeHardwareHash } from './hardware-report.codec.js';
import { type BuildVersion, type HardwareReport } from './hardware-report.js';

/** What a simulated PC knows about itself. */
export interface DeviceFacts {
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly sku: string;
  readonly family: string;
  /** GUID. */
  readonly smbiosUuid: string;
  /** `02-00-5E-10-00-01` */
  readonly macAddresses: readonly string[];
  /** `26100.2454` */
  readonly osBuild: string;
  /** When the report is collected, by the device's clock. */
  readonly time: Date;
  /** Minutes east of UTC, a multiple of 15; 0 unless given. */
  readonly utcOffsetMinutes?: number;
  /** Public EK; without it the report has no EK records, as in WinPE. */
  readonly ekPublic?: KeyObject;
  /** As {@link tpmVersionText} makes it; absent without a TPM. */
  readonly tpmVersion?: string;
  readonly productKeyId?: string;
  /** Serial number of the disk; derived from the device's own unless given. */
  readonly diskSerial?: string;
}

/** Record 13: `TPM-Version:2.0 -Level:0-Revision:1.59-VendorID:'IFX'-Firmware:7.85.4555.0`, quotes and blank included. */
export const tpmVersionText = (vendor: string, firmware: string, version = '2.0'): string =>
  `TPM-Version:${version} -Level:0-Revision:1.59-VendorID:'${vendor}'-Firmware:${firmware}`;

/** The hardware hash that such a device shows as `./DevDetail/Ext/DeviceHardwareData`: 4,000 characters of base64. */
export const hardwareHashOf = (facts: DeviceFacts): string => encodeHardwareHash(hardwareReportOf(facts));

/** The report behind {@link hardwareHashOf}: an ordinary laptop around the given facts. */
export function hardwareReportOf(facts: DeviceFacts): HardwareReport {
  const version = buildVersion(facts.osBuild);
  return {
    collection: {
      toolBuild: version,
      osBuild: version,
      time: facts.time,
      utcOffsetMinutes: facts.utcOffsetMinutes ?? 0,
      osType: 2,
      architecture: 9,
      toolVersion: 8,
    },
    processor: { architecture: 9, packages: 1, cores: 8, threads: 16, hyperThreading: true },
    processorManufacturer: 'GenuineIntel',
    processorModel: 'Mock(R) Core(TM) i7-0000U',
    memory: { installedGb: 16, maximumGb: 64, slots: 2, arrays: 1, errorCorrection: 3 },
    disks: [{ capacityGb: 476, bus: 17, type: 0 }],
    diskSerialNumbers: [`${facts.diskSerial ?? `DISK-${facts.serial}`}|${'MOCK NVME 512GB'.padEnd(16)}|${'NVMe'.padEnd(8)}`],
    networkAdapters: facts.macAddresses.map((macAddress) => ({ medium: 14, macAddress, bus: 'PCI' })),
    displays: [{ widthMm: 309, heightMm: 174, horizontalPixels: 1920, verticalPixels: 1200, outputTechnology: 0x80000000 }],
    reserved: 0,
    chassis: { type: 10, powerRole: 2 },
    ...(facts.tpmVersion === undefined ? {} : { tpmVersion: facts.tpmVersion }),
    ...(facts.ekPublic ? ekRecords(facts.ekPublic) : {}),
    smbiosUuid: facts.smbiosUuid.toLowerCase(),
    serialNumber: facts.serial,
    firmwareVendor: 'Mock Firmware Co',
    manufacturer: facts.manufacturer,
    productName: facts.model,
    skuNumber: facts.sku,
    systemFamily: facts.family,
    ...(facts.productKeyId === undefined ? {} : { productKeyId: facts.productKeyId }),
    diskKernelSerialNumbers: [],
    videoMemory: [],
    videoAdapters: [],
  };
}

function ekRecords(key: KeyObject): Pick<HardwareReport, 'ekPublic' | 'offlineDeviceId'> {
  const ekPublic = ekPublicNumbers(key);
  return { ekPublic, offlineDeviceId: { type: 1, id: Buffer.from(ekHashOfNumbers(ekPublic), 'hex') } };
}

function buildVersion(osBuild: string): BuildVersion {
  const [build = 0, revision = 0] = osBuild.split('.').map(Number);
  return { major: 10, minor: 0, build, revision };
}
