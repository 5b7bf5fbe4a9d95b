import { type DeviceRandom } from '../context/index.js';

/** 12 bytes make the 16 base64 digits of a vector's base. */
const BASE_BYTES = 12;

/** `MS-CV`: a base for the download, then `.N`, one more with every request. */
export class CorrelationVector {
  private readonly base: string;
  private next = 0;

  constructor(random: DeviceRandom) {
    this.base = `${random.bytes(BASE_BYTES).toString('base64')}.0`;
  }

  /** For the request that comes now. */
  increment(): string {
    this.next += 1;
    return `${this.base}.${this.next}`;
  }
}
