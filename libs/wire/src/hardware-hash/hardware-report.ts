/** `10.0.26100.1742` */
export interface BuildVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  readonly revision: number;
}

/** Record 1: who collected the report, when, and on what system. */
export interface CollectionRecord {
  readonly toolBuild: BuildVersion;
  readonly osBuild: BuildVersion;
  /** Whole seconds. Two reports of one device differ in it, so that reports are compared by their fields, never as text. */
  readonly time: Date;
  /** Minutes east of UTC, a multiple of 15; 1800 stands for "not set". */
  readonly utcOffsetMinutes: number;
  /** 2: FullOS. */
  readonly osType: number;
  /** 0 x86, 9 x64, 12 ARM64. */
  readonly architecture: number;
  readonly toolVersion: number;
}

/** Record 2. */
export interface ProcessorRecord {
  readonly architecture: number;
  readonly packages: number;
  readonly cores: number;
  readonly threads: number;
  readonly hyperThreading: boolean;
}

/** Record 5. */
export interface MemoryRecord {
  readonly installedGb: number;
  readonly maximumGb: number;
  readonly slots: number;
  readonly arrays: number;
  /** 3 none, 4 parity, 5 single-bit ECC, 6 multi-bit ECC, 7 CRC. */
  readonly errorCorrection: number;
}

/** Record 6. */
export interface DiskRecord {
  readonly capacityGb: number;
  /** 1 SCSI, 2 ATAPI, 3 ATA, 8 RAID, 10 SAS, 11 SATA, 17 NVMe. */
  readonly bus: number;
  /** 0 SSD, 255 HDD or unknown. */
  readonly type: number;
}

/** Record 8. */
export interface NetworkAdapterRecord {
  /** 0 unspecified, 1 WLAN, 9 native 802.11, 10 Bluetooth, 14 Ethernet. */
  readonly medium: number;
  /** `02-00-5E-10-00-01` */
  readonly macAddress: string;
  /** `PCI`, `USB`, `VMBUS`; some generators leave it out. */
  readonly bus?: string;
}

/** Record 9: millimetres and pixels. */
export interface DisplayRecord {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly horizontalPixels: number;
  readonly verticalPixels: number;
  /** 0xFFFFFFFF in a virtual machine. */
  readonly outputTechnology: number;
}

/** Record 10. */
export interface ChassisRecord {
  /** SMBIOS chassis type. */
  readonly type: number;
  /** 0 unspecified, 1 desktop, 2 mobile, 3 workstation, 8 slate. */
  readonly powerRole: number;
}

/** Record 11. */
export interface OfflineDeviceIdRecord {
  /** 1 TPM_EK, 2 UEFI_VARIABLE_TPM. */
  readonly type: number;
  /** For TPM_EK the SHA-256 of the EK's public numbers (reference 01, 1.4). */
  readonly id: Buffer;
}

/** Record 29: bytes as the driver reports them. */
export interface VideoMemoryRecord {
  readonly dedicatedVideo: number;
  readonly dedicatedSystem: number;
}

/** What a hardware hash says (reference 01, 1.3). A report taken without the TPM provider or in WinPE lacks records. */
export interface HardwareReport {
  readonly collection?: CollectionRecord;
  readonly processor?: ProcessorRecord;
  readonly processorManufacturer?: string;
  readonly processorModel?: string;
  readonly memory?: MemoryRecord;
  readonly disks: readonly DiskRecord[];
  /** `serial|product padded to 16|vendor padded to 8` */
  readonly diskSerialNumbers: readonly string[];
  readonly networkAdapters: readonly NetworkAdapterRecord[];
  readonly displays: readonly DisplayRecord[];
  /** Record 27, whose meaning is unknown. */
  readonly reserved?: number;
  readonly chassis?: ChassisRecord;
  /** `TPM-Version:2.0 -Level:0-Revision:1.59-VendorID:'IFX'-Firmware:7.85.4555.0` */
  readonly tpmVersion?: string;
  /** Public numbers of the EK: an RSA modulus, or x and y of a point (06, D-A2). */
  readonly ekPublic?: Buffer;
  readonly offlineDeviceId?: OfflineDeviceIdRecord;
  /** Lower-case GUID. */
  readonly smbiosUuid?: string;
  readonly serialNumber?: string;
  readonly firmwareVendor?: string;
  readonly manufacturer?: string;
  readonly productName?: string;
  readonly skuNumber?: string;
  readonly systemFamily?: string;
  readonly secondFirmwareVendor?: string;
  readonly boardProduct?: string;
  readonly boardVersion?: string;
  readonly systemVersion?: string;
  readonly productKeyId?: string;
  readonly productKeyPartNumber?: string;
  readonly diskKernelSerialNumbers: readonly string[];
  readonly videoMemory: readonly VideoMemoryRecord[];
  readonly videoAdapters: readonly string[];
}
