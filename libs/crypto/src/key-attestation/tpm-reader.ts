import { KeyAttestationError } from './error.js';

/** Reads TPM marshalling: big endian, buffers behind a 16-bit size. Whatever exceeds the bytes is refused. */
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
  /** TPM2B. */
  sized(): Buffer {
    return this.take(this.u16());
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new KeyAttestationError('truncated TPM structure');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Nothing may be left over (reference 03, 3.2). */
  end(): void {
    if (this.at !== this.bytes.length) throw new KeyAttestationError('bytes are left over');
  }
}
