import { ekHashOfNumbers, type HardwareReport } from '@greenscreen/wire/hardware-hash';

/** Public numbers of the vector's EK: 0xC1, then (7i+3) mod 256, then 0x9D. */
export const vectorEk = Buffer.from(Array.from({ length: 256 }, (_, i) => (i === 0 ? 0xc1 : i === 255 ? 0x9d : (7 * i + 3) % 256)));

const build = { major: 10, minor: 0, build: 26100, revision: 1742 };

/** Inputs of reference 01, 1.6. */
export const vectorReport: HardwareReport = {
  collection: {
    toolBuild: build,
    osBuild: build,
    time: new Date('2025-03-14T09:26:53Z'),
    utcOffsetMinutes: 60,
    osType: 2,
    architecture: 9,
    toolVersion: 8,
  },
  processor: { architecture: 9, packages: 1, cores: 8, threads: 16, hyperThreading: true },
  processorManufacturer: 'GenuineIntel',
  processorModel: 'Mock(R) Core(TM) i7-0000U',
  memory: { installedGb: 16, maximumGb: 64, slots: 2, arrays: 1, errorCorrection: 3 },
  disks: [{ capacityGb: 476, bus: 17, type: 0 }],
  diskSerialNumbers: ['MOCK_DISK_0001|MOCK NVME 512GB |NVMe    '],
  networkAdapters: [{ medium: 14, macAddress: '02-00-5E-10-00-01', bus: 'PCI' }],
  displays: [{ widthMm: 309, heightMm: 174, horizontalPixels: 1920, verticalPixels: 1200, outputTechnology: 0x80000000 }],
  reserved: 0,
  chassis: { type: 10, powerRole: 2 },
  tpmVersion: "TPM-Version:2.0 -Level:0-Revision:1.59-VendorID:'MOCK'-Firmware:1.2.3.4",
  ekPublic: vectorEk,
  offlineDeviceId: { type: 1, id: Buffer.from(ekHashOfNumbers(vectorEk), 'hex') },
  smbiosUuid: '5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f',
  serialNumber: 'MOCK-0001',
  firmwareVendor: 'Mock Firmware Co',
  manufacturer: 'Contoso Devices',
  productName: 'Mockbook 14',
  skuNumber: 'MB14-SKU1',
  systemFamily: 'Mockbook',
  diskKernelSerialNumbers: [],
  videoMemory: [],
  videoAdapters: [],
};

/** Results of reference 01, 1.6. */
export const vectorResult = {
  total: 739,
  ekHash: 'c784c89334c37ef490b6bead8f07ae2f0519b0941b07d78d838bd0e075dadc81',
  trailerDigest: 'a5bb848bd5bf2b6dc20f10f0098aca27992b08302c8ceb8cb4b217e6a1df3d2f',
  blobDigest: 'aeca1a79d5983ea9268bf539070cf1ba2fb359a26e06cefcd503de99967a7b97',
  textStart: 'T0HjAgEAHAAAAAoAzgb0ZQAACgDOBvRl3bJmLwQCCQgCABAA',
};
