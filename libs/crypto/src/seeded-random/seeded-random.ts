import { createHmac } from 'node:crypto';

const BLOCK = 32;

/** Ids and chance that can be had again: HMAC-SHA256 of a counter under the seed. Keys never come from here. */
export class SeededRandom {
  private counter = 0;

  constructor(private readonly seed: string) {}

  bytes(length: number): Buffer {
    const blocks = Array.from({ length: Math.ceil(length / BLOCK) }, () => this.block());
    return Buffer.concat(blocks).subarray(0, length);
  }

  /** Lower-case GUID, version 4. */
  uuid(): string {
    const bytes = this.bytes(16);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  private block(): Buffer {
    return createHmac('sha256', this.seed).update(String(this.counter++)).digest();
  }
}
