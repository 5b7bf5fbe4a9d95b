import { HardwareHashError } from './error.js';

/** Reads a record's payload, little endian; a read past its end is a `record` problem. */
export class ByteReader {
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  u8(): number {
    return this.take(1).readUInt8();
  }
  i8(): number {
    return this.take(1).readInt8();
  }
  u16(): number {
    return this.take(2).readUInt16LE();
  }
  u32(): number {
    return this.take(4).readUInt32LE();
  }
  u64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }
  get remaining(): number {
    return this.bytes.length - this.offset;
  }
  take(length: number): Buffer {
    if (length > this.remaining) throw new HardwareHashError('record', 'A record of the hardware hash is too short');
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }
}

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
