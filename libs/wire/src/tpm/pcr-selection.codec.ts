import { TpmFormatError } from './error.js';
import { type TpmReader, tpmU16, tpmU32, tpmU8 } from './marshalling.js';

/** PCRs of one bank: a bit a register, the first eight in the first byte (TPM 2.0 Structures, 10.6.2). */
export interface PcrSelection {
  /** TPM_ALG_ID of the bank's hash. */
  readonly hash: number;
  readonly bitmap: Buffer;
}

/** A TPM has as many banks as hashes: a handful. */
const MOST_BANKS = 16;

/** TPML_PCR_SELECTION. */
export const encodePcrSelection = (banks: readonly PcrSelection[]): Buffer =>
  Buffer.concat([tpmU32(banks.length), ...banks.flatMap(({ hash, bitmap }) => [tpmU16(hash), tpmU8(bitmap.length), bitmap])]);

/** Throws {@link TpmFormatError}. */
export function readPcrSelection(reader: TpmReader): PcrSelection[] {
  const count = reader.u32();
  if (count > MOST_BANKS) throw new TpmFormatError('more PCR banks than a TPM has');
  return Array.from({ length: count }, () => ({ hash: reader.u16(), bitmap: reader.take(reader.u8()) }));
}
