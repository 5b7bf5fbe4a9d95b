import { type DeviceClock } from '../context/index.js';

/** Told of every wait, so that the cloud's clock moves too. */
export type TimePasses = (milliseconds: number, why: string) => Promise<void>;

/** Real time plus what was waited for: seven minutes pass in no time. */
export class VirtualClock implements DeviceClock {
  private offset: number;

  /** `skew`: how far the device's clock is wrong, in milliseconds. */
  constructor(
    private readonly passes: TimePasses,
    skew = 0,
  ) {
    this.offset = skew;
  }

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  async wait(milliseconds: number, why: string): Promise<void> {
    this.offset += milliseconds;
    await this.passes(milliseconds, why);
  }

  set(time: Date): void {
    this.offset = time.getTime() - Date.now();
  }
}
