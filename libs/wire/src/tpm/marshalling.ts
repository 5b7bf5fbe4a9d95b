import { TpmFormatError } from './error.js';

/** Reads TPM marshalling: big endian, buffers behind a 16-bit size. Whatever exceeds the bytes is refused with {@link TpmFormatError}. */
export class TpmReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  u8(): number {
    return this.take(1).readUInt8();
  }
  u16(): number {
    return this.take(2).readUInt16BE();
  }
  u32(): number {
    return this.take(4).readUInt32BE();
  }
  u64(): bigint {
    return this.take(8).readBigUInt64BE();
  }
  /** TPM2B. */
  sized(): Buffer {
    return this.take(this.u16());
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new TpmFormatError('truncated TPM structure');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  get position(): number {
    return this.at;
  }

  /** Nothing may be left over (reference 03, 3.2). */
  end(): void {
    if (this.at !== this.bytes.length) throw new TpmFormatError('bytes are left over');
  }
}

export const tpmU8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const tpmU16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};
export const tpmU32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
export const tpmU64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
/** TPM2B: a 16-bit size in front. */
export const tpm2b = (...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([tpmU16(content.length), content]);
};

/** The content of a TPM2B that fills the bytes. */
export function readTpm2b(bytes: Buffer): Buffer {
  const reader = new TpmReader(bytes);
  const content = reader.sized();
  reader.end();
  return content;
}
