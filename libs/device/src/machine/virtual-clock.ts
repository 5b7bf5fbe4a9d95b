import { setTimeout as pause } from 'node:timers/promises';
import { type DeviceClock } from '../context/index.js';

/** Told of every wait, so that the cloud's clock moves too. */
export type TimePasses = (milliseconds: number, why: string) => Promise<void>;

export interface ClockSetting {
  /** How far the device's clock is wrong, in milliseconds. */
  readonly skew?: number | undefined;
  /** How far the run's time is ahead of real time when it begins, in milliseconds. */
  readonly ahead?: number | undefined;
  /** Waits take as long as they do. */
  readonly real?: boolean | undefined;
}

/** Real time plus what was waited for: seven minutes pass in no time. */
export class VirtualClock implements DeviceClock {
  private ahead: number;
  private skew: number;

  constructor(
    private readonly passes: TimePasses,
    private readonly setting: ClockSetting = {},
  ) {
    this.ahead = setting.ahead ?? 0;
    this.skew = setting.skew ?? 0;
  }

  now(): Date {
    return new Date(this.rightTime().getTime() + this.skew);
  }

  /** What a time server would say. */
  rightTime(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** How far this clock is from the right time, in milliseconds. */
  get deviation(): number {
    return this.skew;
  }

  async wait(milliseconds: number, why: string): Promise<void> {
    if (this.setting.real) await pause(milliseconds);
    else this.ahead += milliseconds;
    await this.passes(milliseconds, why);
  }

  set(time: Date): void {
    this.skew = time.getTime() - this.rightTime().getTime();
  }
}
