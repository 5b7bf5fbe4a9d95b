import { randomBytes, randomUUID } from 'node:crypto';

/** Every id and random value of a service comes from here, so that a run can be repeated. Keys never do. */
export class Random {
  /** Lower-case GUID, version 4. */
  uuid(): string {
    return randomUUID();
  }

  bytes(length: number): Buffer {
    return randomBytes(length);
  }

  /** base64url text of `length` random bytes. */
  token(length = 32): string {
    return this.bytes(length).toString('base64url');
  }
}
