import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { randomBytes, randomUUID } from 'node:crypto';
import { findExchange } from '../exchange/exchange.js';

/**
 * Every id and random value of a service comes from here. Ids can be had again: those of a request that says what they are made of
 * (`X-Greenscreen-Ids`), and those of {@link Random.from}. Secrets never can: bytes and tokens are random, and so are keys.
 */
export class Random {
  private constructor(private readonly given?: SeededRandom) {}

  /** Whose ids are random outside of requests, and in those that do not say what they are made of. */
  static ofService(): Random {
    return new Random();
  }

  /** Ids that follow from another one, for work that no request does. */
  from(id: string): Random {
    return new Random(new SeededRandom(id));
  }

  /** Lower-case GUID, version 4. */
  uuid(): string {
    return this.seeded?.uuid() ?? randomUUID();
  }

  /** An id of so many bytes in upper-case hexadecimal. */
  hexId(length: number): string {
    return (this.seeded?.bytes(length) ?? randomBytes(length)).toString('hex').toUpperCase();
  }

  bytes(length: number): Buffer {
    return randomBytes(length);
  }

  /** base64url text of `length` random bytes. */
  token(length = 32): string {
    return this.bytes(length).toString('base64url');
  }

  private get seeded(): SeededRandom | undefined {
    return this.given ?? findExchange()?.ids;
  }
}
