import { hex } from '../context/index.js';
import { acquireProfile, type ProfileDownload, type ProfileDownloadInput } from './acquire.js';
import { NO_INTERNET } from './download-error.js';
import { PROFILE_NAME } from './places.js';
import { clearProfile } from './policy-cache.js';
import { type ProfileContext } from './profile-context.js';
import { reportMissingSettings, reportSettings } from './settings-events.js';

export interface OpportunisticDownload extends ProfileDownloadInput {
  /** What Windows' connectivity probe found; true unless given. A matter of the device's network, not of this cloud. */
  readonly online?: boolean | undefined;
}

/** Profile states of event 153 (reference 01, section 8). */
const states = { unknown: 'Unknown', notProvisioned: 'NotProvisioned', available: 'Available' } as const;

/**
 * The opportunistic download at first boot, repeated at every boot (reference 05, T1), with its events in the order of 06, D-B57: 285, 164, 286,
 * 160, 703, 702, 161, 170, 153, the settings, 111.
 */
export async function downloadProfile(context: ProfileContext, input: OpportunisticDownload): Promise<ProfileDownload> {
  const { events, timeline } = context;
  events.emit('autopilot', 285);
  timeline.note({ kind: 'local', what: 'Connectivity probe (NCSI) at www.msftconnecttest.com, which this cloud does not serve' });
  if (input.online === false) {
    events.emit('autopilot', 165);
    return { kind: 'failed', hresult: NO_INTERNET, message: 'Internet is not available; the download is queued' };
  }
  events.emit('autopilot', 164);
  events.emit('autopilot', 286);
  events.emit('autopilot', 160);
  const download = await acquireProfile(context, input);
  if (download.kind === 'profile') {
    events.emit('autopilot', 161);
    events.emit('autopilot', 170);
    events.emit('autopilot', 153, { From: states.unknown, To: states.available });
    reportSettings(events, download.profile);
    return download;
  }
  if (download.kind === 'none') events.emit('autopilot', 153, { From: states.unknown, To: states.notProvisioned });
  else events.emit('autopilot', 185, { HRESULT: hex(download.hresult) });
  reportMissingSettings(events);
  events.emit('autopilot', 314);
  return download;
}

/** The landing page clears the cached profile and fetches it again: 705, and 703 and 702 once more (reference 05, T4; 06, D-A67). */
export async function refetchProfile(context: ProfileContext, input: ProfileDownloadInput): Promise<ProfileDownload> {
  clearProfile(context);
  context.events.emit('autopilot', 705, { Name: PROFILE_NAME });
  return acquireProfile(context, input);
}
