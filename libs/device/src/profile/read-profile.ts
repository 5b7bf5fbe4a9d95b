import { type AutopilotProfile, decodeAutopilotProfile, parseProfileDocument } from '@greenscreen/wire/ztd';
import { PROFILE_FILE } from './places.js';
import { type ProfileContext } from './profile-context.js';

/**
 * The profile of a device that is provisioned already: from its file, without a request (reference 05, U2). Events 164, 160, 163 and 111;
 * undefined, with 162, when there is no profile in the file.
 */
export function readProfileFile({ files, events }: Pick<ProfileContext, 'files' | 'events'>): AutopilotProfile | undefined {
  events.emit('autopilot', 164);
  events.emit('autopilot', 160);
  const document = parseProfileDocument(files.get(PROFILE_FILE) ?? '');
  const profile = document && decodeAutopilotProfile(document);
  events.emit('autopilot', profile ? 163 : 162);
  if (profile) events.emit('autopilot', 111);
  return profile;
}
