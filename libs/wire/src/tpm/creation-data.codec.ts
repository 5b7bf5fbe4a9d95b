import { tpm2b, TpmReader, tpmU16, tpmU32, tpmU8 } from './marshalling.js';

/** TPMS_CREATION_DATA of a key that was made without PCRs (TPM 2.0 Structures, 15.1; reference 03, 2.8). */
export interface CreationData {
  /** Digest over no PCRs: that of nothing. */
  readonly pcrDigest: Buffer;
  readonly locality: number;
  readonly parentNameAlg: number;
  readonly parentName: Buffer;
  readonly parentQualifiedName: Buffer;
  readonly outsideInfo: Buffer;
}

/** Without the TPM2B size: what the creation hash is over. */
export const encodeCreationData = (data: CreationData): Buffer =>
  Buffer.concat([
    tpmU32(0),
    tpm2b(data.pcrDigest),
    tpmU8(data.locality),
    tpmU16(data.parentNameAlg),
    tpm2b(data.parentName),
    tpm2b(data.parentQualifiedName),
    tpm2b(data.outsideInfo),
  ]);

/** Inverse; PCR selections are passed over. Throws TpmFormatError. */
export function decodeCreationData(bytes: Buffer): CreationData {
  const reader = new TpmReader(bytes);
  for (let banks = reader.u32(); banks > 0; banks -= 1) {
    reader.u16();
    reader.take(reader.u8());
  }
  const data = {
    pcrDigest: reader.sized(),
    locality: reader.u8(),
    parentNameAlg: reader.u16(),
    parentName: reader.sized(),
    parentQualifiedName: reader.sized(),
    outsideInfo: reader.sized(),
  };
  reader.end();
  return data;
}
