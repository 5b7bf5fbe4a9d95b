import { type DeviceResponse } from '../context/index.js';
import { type ProfileContext } from './profile-context.js';

/** How far the clock may be off [our choice: the real value is unknown] (06, D-A65). */
const ALLOWED_DRIFT_MS = 300_000;
/** The header has whole seconds: with it alone the clock stays up to one second slow, and what is issued now is not valid yet. */
const RESOLUTION_MS = 1_000;

/** Sets the clock to the answer's `Date` when it is too far off: event 753 (reference 01, 5.4; 06, D-A65). */
export function correctClock({ clock, events }: ProfileContext, response: DeviceResponse): void {
  const server = timeOf(response);
  const client = clock.now();
  if (!server || Math.abs(server.getTime() - client.getTime()) <= ALLOWED_DRIFT_MS) return;
  events.emit('autopilot', 753, {
    ServerTime: server.toISOString(),
    ClientTime: client.toISOString(),
    Attempt: 1,
    MaxAttempts: 1,
  });
  clock.set(new Date(server.getTime() + RESOLUTION_MS));
}

/** `PolicyDownloadDate`: `YYYY-MM-DDThh:mm:ssZ`; kept as it came, with event 712, when it cannot be read. */
export function downloadDate({ events }: ProfileContext, response: DeviceResponse): string | undefined {
  const text = response.header('date');
  if (text === undefined) return undefined;
  const time = timeOf(response);
  if (time) return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
  events.emit('autopilot', 712, { HRESULT: '0x80070057', Time: text });
  return text;
}

/** RFC 7231 dates only: other forms are not what a server's clock writes. */
function timeOf(response: DeviceResponse): Date | undefined {
  const text = response.header('date') ?? '';
  const time = new Date(text);
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) && !Number.isNaN(time.getTime()) ? time : undefined;
}
