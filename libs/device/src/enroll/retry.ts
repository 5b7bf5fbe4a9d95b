import { type DeviceClock, type DeviceContext, hex, NetworkError } from '../context/index.js';
import { EnrollmentError } from './enrollment-error.js';

/** Waits between the three attempts (06 D-B27). */
const WAITS_MS = [5_000, 15_000];
const ATTEMPTS = WAITS_MS.length + 1;

/** Service errors that may pass by themselves; any other fault is final (06 D-B27). */
const passing: readonly number[] = [0x80180005, 0x80180006];

const mayPass = (error: unknown): error is EnrollmentError | NetworkError =>
  error instanceof NetworkError ||
  (error instanceof EnrollmentError && (passing.includes(error.hresult) || [429, 503].includes(error.details.status ?? 0)));

/** Three attempts in all. `Retry-After` wins over the fixed waits; nothing is waited for past `deadline` (06 D-B27). */
export async function withRetries<T>(
  { clock, events }: Pick<DeviceContext, 'clock' | 'events'>,
  deadline: Date | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      const wait = WAITS_MS[number - 1];
      if (wait === undefined || !mayPass(error)) throw error;
      const milliseconds = retryAfterOf(error, clock) ?? wait;
      if (deadline && clock.now().getTime() + milliseconds > deadline.getTime()) throw error;
      events.emit('autopilot', 192, { HRESULT: hex(error.hresult), WaitMs: milliseconds, AttemptNumber: number, MaxAttempts: ATTEMPTS });
      await clock.wait(milliseconds, 'MDM enrollment is tried again');
    }
  }
}

/** Milliseconds of a Retry-After in seconds or as a date. */
function retryAfterOf(error: EnrollmentError | NetworkError, clock: DeviceClock): number | undefined {
  const text = error instanceof EnrollmentError ? error.details.retryAfter?.trim() : undefined;
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now().getTime());
}
