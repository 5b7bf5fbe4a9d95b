import { tpm2b, TpmReader, tpmU16, tpmU8 } from './marshalling.js';
import { encodePcrSelection, type PcrSelection, readPcrSelection } from './pcr-selection.codec.js';

/** TPMS_CREATION_DATA (TPM 2.0 Structures, 15.1; reference 03, 2.8). */
export interface CreationData {
  /** None, for the keys that Windows makes. */
  readonly pcrSelection: readonly PcrSelection[];
  /** Over no PCRs: that of nothing. */
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
    encodePcrSelection(data.pcrSelection),
    tpm2b(data.pcrDigest),
    tpmU8(data.locality),
    tpmU16(data.parentNameAlg),
    tpm2b(data.parentName),
    tpm2b(data.parentQualifiedName),
    tpm2b(data.outsideInfo),
  ]);

/** Inverse. Throws TpmFormatError. */
export function decodeCreationData(bytes: Buffer): CreationData {
  const reader = new TpmReader(bytes);
  const data = {
    pcrSelection: readPcrSelection(reader),
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
