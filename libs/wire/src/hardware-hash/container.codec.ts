import { createHash } from 'node:crypto';
import { u16 } from './byte-reader.js';
import { HardwareHashError } from './error.js';
import { HASH_SIZE } from './text.js';

/** One record: `u16 type, u16 length, payload` (reference 01, 1.2). */
export interface HashRecord {
  readonly type: number;
  readonly payload: Buffer;
}

const MAGIC = Buffer.from('OA', 'ascii');
const TRAILER = Buffer.from('CS', 'ascii');
const HEADER = 4;
const DIGEST = 32;
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** `OA`, size, records, `CS`, digest over everything before it, zeros up to 3,000 bytes. Throws RangeError when the records do not fit. */
export function encodeContainer(records: readonly HashRecord[]): Buffer {
  const body = Buffer.concat(records.map(({ type, payload }) => Buffer.concat([u16(type), u16(HEADER + payload.length), payload])));
  const covered = Buffer.concat([MAGIC, u16(HEADER + body.length), body]);
  const whole = Buffer.concat([covered, TRAILER, u16(HEADER + DIGEST), sha256(covered)]);
  if (whole.length > HASH_SIZE) throw new RangeError(`The records of a hardware hash take ${whole.length} bytes of ${HASH_SIZE}`);
  return Buffer.concat([whole, Buffer.alloc(HASH_SIZE - whole.length)]);
}

export interface ContainerOptions {
  /** Refuse a hash whose digest is missing or wrong. No public decoder looks at it (reference 01, 1.2). True unless given. */
  readonly requireChecksum?: boolean;
}

/** The records in the order in which they stand; throws {@link HardwareHashError} `container`, `record` or `checksum`. */
export function decodeContainer(bytes: Buffer, { requireChecksum = true }: ContainerOptions = {}): HashRecord[] {
  if (bytes.length < HEADER || !bytes.subarray(0, 2).equals(MAGIC))
    throw new HardwareHashError('container', 'The hardware hash does not start with "OA"');
  const total = bytes.readUInt16LE(2);
  if (total < HEADER || total > bytes.length) throw new HardwareHashError('container', 'The hardware hash is shorter than its header says');
  if (requireChecksum && !hasChecksum(bytes, total)) throw new HardwareHashError('checksum', 'The digest of the hardware hash is wrong');
  return recordsOf(bytes.subarray(HEADER, total));
}

function hasChecksum(bytes: Buffer, total: number): boolean {
  const trailer = bytes.subarray(total, total + HEADER + DIGEST);
  const expected = Buffer.concat([TRAILER, u16(HEADER + DIGEST), sha256(bytes.subarray(0, total))]);
  return trailer.equals(expected);
}

function recordsOf(bytes: Buffer): HashRecord[] {
  const records: HashRecord[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const length = offset + HEADER <= bytes.length ? bytes.readUInt16LE(offset + 2) : 0;
    if (length < HEADER || offset + length > bytes.length) throw new HardwareHashError('record', `Bad record at byte ${offset + HEADER}`);
    // Decoders read the type as one byte (reference 01, 1.2).
    records.push({ type: bytes.readUInt8(offset), payload: bytes.subarray(offset + HEADER, offset + length) });
    offset += length;
  }
  return records;
}
