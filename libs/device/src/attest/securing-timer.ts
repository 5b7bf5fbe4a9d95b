import { type DeviceClock } from '../context/index.js';
import { AttestationError, attestErrors } from './attestation-error.js';

/** The page waits this long for "Securing your hardware" (reference 05, T7). */
export const SECURING_LIMIT_MS = 420_000;

/** How long the hardware has been being secured, by the device's clock. */
export class SecuringTimer {
  private readonly startedAt: number;

  constructor(private readonly clock: DeviceClock) {
    this.startedAt = clock.now().getTime();
  }

  get elapsed(): number {
    return this.clock.now().getTime() - this.startedAt;
  }

  /** Throws the timeout when the page has stopped waiting. */
  check(): void {
    if (this.elapsed >= SECURING_LIMIT_MS) throw timedOut();
  }

  /** Waits, but not beyond the limit: then it throws the timeout. */
  async wait(milliseconds: number, why: string): Promise<void> {
    await this.clock.wait(Math.min(milliseconds, Math.max(0, SECURING_LIMIT_MS - this.elapsed)), why);
    this.check();
  }

  /** Lets the page wait to its end. */
  async runOut(why: string): Promise<AttestationError> {
    await this.clock.wait(Math.max(0, SECURING_LIMIT_MS - this.elapsed), why);
    return timedOut();
  }
}

const timedOut = (): AttestationError => new AttestationError(attestErrors.timeout, 'TPM attestation timed out', true);
