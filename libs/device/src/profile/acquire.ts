import {
  type AutopilotProfile,
  decodeAutopilotProfile,
  errorOfDocument,
  type ProfileDocument,
  type ServiceError,
} from '@greenscreen/wire/ztd';
import { DeploymentError, hex, NetworkError } from '../context/index.js';
import { CorrelationVector } from './correlation-vector.js';
import { DownloadError } from './download-error.js';
import { type IdentitySource, profileTicket, type TimeSync } from './device-ticket.js';
import { PROFILE_FILE, PROFILE_NAME } from './places.js';
import { noteNoProfile, saveProfile } from './policy-cache.js';
import { type ProfileContext } from './profile-context.js';
import { type ProfileAnswer, requestProfile } from './request-profile.js';
import { withRetries } from './retries.js';
import { correctClock, downloadDate } from './server-time.js';

export interface ProfileDownloadInput {
  readonly identity: IdentitySource;
  /** As the OA3 tool reports it today; builds from before July 2022 send none. */
  readonly hardwareHash?: string | undefined;
  readonly timeSync?: TimeSync | undefined;
}

/** How a download ended. */
export type ProfileDownload =
  | { readonly kind: 'profile'; readonly profile: AutopilotProfile }
  /** The service has no profile for this device and says why, or answers an empty one. The device goes on as one that nobody manages. */
  | { readonly kind: 'none'; readonly code?: number; readonly reason?: string }
  /** No answer, or none that can be used. */
  | { readonly kind: 'failed'; readonly hresult: number; readonly message: string };

/** Downloads, keeps and reports: events 702 to 712, 193, 194 and 753 (reference 01, 5.4 and 5.5; 06, D-A61). */
export async function acquireProfile(context: ProfileContext, input: ProfileDownloadInput): Promise<ProfileDownload> {
  const vector = new CorrelationVector(context.random);
  let correlationVector = '';
  try {
    const answer = await withRetries(context, async () => {
      const ticket = await profileTicket(context, input.identity, input.timeSync);
      correlationVector = vector.increment();
      return requestProfile(context, { ticket, hardwareHash: input.hardwareHash ?? '', correlationVector });
    });
    return keep(context, answer);
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    return giveUp(context, error, correlationVector);
  }
}

function keep(context: ProfileContext, { document, response }: ProfileAnswer): ProfileDownload {
  correctClock(context, response);
  const date = downloadDate(context, response);
  const vector = response.header('ms-cv');
  const kept: ProfileDocument = {
    ...document,
    ...(date === undefined ? {} : { PolicyDownloadDate: date }),
    ...(vector === undefined ? {} : { PolicyDownloadCorrelationVector: vector }),
  };
  const profile = decodeAutopilotProfile(kept);
  context.events.emit('autopilot', profile ? 703 : 704, { Name: PROFILE_NAME });
  saveProfile(context, kept, profile);
  context.events.emit('autopilot', 702, { Path: PROFILE_FILE });
  if (profile) return { kind: 'profile', profile };
  const refusal = errorOfDocument(kept);
  if (!refusal) return { kind: 'none' };
  reportAsDocumented(context, refusal);
  return { kind: 'none', ...refusal };
}

function giveUp(context: ProfileContext, error: DeploymentError | NetworkError, correlationVector: string): ProfileDownload {
  const refusal = error instanceof DownloadError ? error.details.refusal : undefined;
  // "Expected" is what the service says about the device, and being offline.
  const expected = refusal !== undefined || error instanceof NetworkError;
  const data = { HRESULT: hex(error.hresult), Name: PROFILE_NAME, CorrelationVector: correlationVector };
  context.events.emit('autopilot', expected ? 706 : 707, data);
  // An earlier boot's profile stays good while nothing better comes.
  if (!context.files.has(PROFILE_FILE)) noteNoProfile(context);
  if (!refusal) return { kind: 'failed', hresult: error.hresult, message: error.message };
  reportAsDocumented(context, refusal);
  return { kind: 'none', ...refusal };
}

/** Texts of the troubleshooting FAQ, which takes service codes for event ids; log readers follow it (reference 01, section 8). */
const documented: Readonly<Record<number, string>> = {
  807: 'ZtdDeviceIsNotRegistered',
  809: 'ZtdDeviceHasNoAssignedProfile - Assigned profile does not exist.',
  815: 'ZtdDeviceHasNoAssignedProfile - No profile assigned to the device, and no default profile found in the tenant.',
  908: 'SerialNumberMismatch',
};

function reportAsDocumented({ events }: ProfileContext, { code, reason }: ServiceError): void {
  const text = documented[code];
  if (text !== undefined) events.emit('autopilot', code, { Message: code === 908 ? reason : text });
}
