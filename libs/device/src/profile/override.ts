import { SETTINGS_KEY } from './places.js';
import { type ProfileContext } from './profile-context.js';

/** An address in the registry that replaces a built-in one. One that is there but no text is event 700, and is not used (reference 01, 5.1). */
export function overrideOf({ registry, events }: Pick<ProfileContext, 'registry' | 'events'>, name: string): string | undefined {
  const value = registry.get(SETTINGS_KEY, name);
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  events.emit('autopilot', 700, { HRESULT: INVALID_DATA_TYPE, Name: name });
  return undefined;
}

/** ERROR_UNSUPPORTED_TYPE. */
const INVALID_DATA_TYPE = '0x8007065e';
