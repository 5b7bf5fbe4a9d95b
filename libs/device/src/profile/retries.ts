import { NetworkError } from '../context/index.js';
import { MsaError } from '../msa/index.js';
import { DownloadError } from './download-error.js';
import { type ProfileContext } from './profile-context.js';

/** Waits between the three attempts (06, D-B27). */
const WAITS_MS = [5_000, 15_000];
const ATTEMPTS = WAITS_MS.length + 1;

/** No answer, too many requests, or a service in trouble; what the service says about the device stands. */
function mayPass(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  const { status = 0 } = httpOf(error);
  return !(error instanceof DownloadError && error.details.refusal) && (status === 429 || status >= 500);
}

function httpOf(error: unknown): { readonly status?: number; readonly retryAfter?: string } {
  if (error instanceof DownloadError) return error.details;
  return error instanceof MsaError ? error.http : {};
}

/** Three attempts in all, events 194 and 193 between them; `Retry-After` wins over the fixed waits (06, D-B27). */
export async function withRetries<T>(context: ProfileContext, attempt: () => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      const wait = WAITS_MS[number - 1];
      if (wait === undefined || !mayPass(error)) throw error;
      const milliseconds = retryAfterOf(error, context.clock.now()) ?? wait;
      context.events.emit('autopilot', 194, { WaitMs: milliseconds });
      await context.clock.wait(milliseconds, 'The profile download is tried again');
      context.events.emit('autopilot', 193, { Attempt: number + 1, MaxAttempts: ATTEMPTS });
    }
  }
}

/** Milliseconds of a Retry-After in seconds or as a date. */
function retryAfterOf(error: unknown, now: Date): number | undefined {
  const text = httpOf(error).retryAfter?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
