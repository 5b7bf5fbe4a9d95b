import { createHash } from 'node:crypto';
import { ekHashOfNumbers, endorsementKeyKind } from './endorsement-key.js';
import { HardwareHashError } from './error.js';
import { type HardwareReport } from './hardware-report.js';

/** The device that a report is about: what stays the same when its disk, memory or network card is replaced (reference 01, 7.5). */
export interface HardwareIdentity {
  /** Lower-case hex; null for a report without an EK (06, D-A1). */
  readonly ekHash: string | null;
  /** HWDeviceID, `0018` + 12 upper-case hex (06, D-A3). */
  readonly ddid: string;
  /** Lower-case GUID, null when the report has none. */
  readonly smbiosUuid: string | null;
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly skuNumber: string;
  readonly systemFamily: string;
  readonly productKeyId: string;
  /** Empty without a TPM. */
  readonly tpmVersion: string;
}

export interface IdentityOptions {
  /** Accept EKs other than RSA-2048 (06, D-A2). False unless given. */
  readonly allowEcc?: boolean;
}

const TPM_EK = 1;

/** Throws {@link HardwareHashError} `ek` or `ek_mismatch`. */
export function hardwareIdentityOf(report: HardwareReport, { allowEcc = false }: IdentityOptions = {}): HardwareIdentity {
  const ekHash = ekHashOfReport(report, allowEcc);
  const { smbiosUuid = null } = report;
  const serialNumber = report.serialNumber?.trim() ?? '';
  return {
    ekHash,
    ddid: ekHash === null ? ddidWithoutEk(smbiosUuid ?? '', serialNumber) : ddidOfEk(ekHash),
    smbiosUuid,
    serialNumber,
    manufacturer: report.manufacturer?.trim() ?? '',
    model: report.productName?.trim() ?? '',
    skuNumber: report.skuNumber?.trim() ?? '',
    systemFamily: report.systemFamily?.trim() ?? '',
    productKeyId: report.productKeyId?.trim() ?? '',
    tpmVersion: report.tpmVersion ?? '',
  };
}

/** Record 25 decides; record 11 has to agree with it, and alone it stands for the key that some generators leave out. */
function ekHashOfReport({ ekPublic, offlineDeviceId }: HardwareReport, allowOthers: boolean): string | null {
  const announced = offlineDeviceId?.type === TPM_EK ? offlineDeviceId.id.toString('hex') : null;
  if (!ekPublic) return announced;
  const kind = endorsementKeyKind(ekPublic);
  if (kind === undefined || (kind !== 'rsa2048' && !allowOthers))
    throw new HardwareHashError('ek', `An endorsement key of ${ekPublic.length} bytes is not accepted`);
  const computed = ekHashOfNumbers(ekPublic);
  if (announced !== null && announced !== computed)
    throw new HardwareHashError('ek_mismatch', 'OfflineDeviceId is not the digest of the endorsement key');
  return computed;
}

/** HWDeviceID of a device with an EK: `0018` and the first 12 digits of its hash, upper case (06, D-A3). */
export const ddidOfEk = (ekHash: string): string => `0018${ekHash.slice(0, 12).toUpperCase()}`;

/** HWDeviceID of a device whose report has no EK: `SHA-256(lower(uuid)|serial)` (06, D-A3). */
export function ddidWithoutEk(smbiosUuid: string, serialNumber: string): string {
  const digest = createHash('sha256').update(`${smbiosUuid.toLowerCase()}|${serialNumber}`, 'utf8').digest('hex');
  return `0018${digest.slice(0, 12).toUpperCase()}`;
}

/** "TPM 2.0 capable" is a prefix of record 13 (reference 01, 1.3): what self-deploying and pre-provisioning need. */
export const hasTpm20 = (tpmVersion: string): boolean => tpmVersion.startsWith('TPM-Version:2.0');
