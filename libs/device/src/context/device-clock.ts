/** The device's own clock. Waiting moves it (and, through the runner, the cloud's) instead of taking real time. */
export interface DeviceClock {
  now(): Date;
  /** Lets `milliseconds` of device time pass. */
  wait(milliseconds: number, why: string): Promise<void>;
  /** Sets the system time, as AutopilotManager does when the profile answer's Date is too far off (event 753). */
  set(time: Date): void;
}
