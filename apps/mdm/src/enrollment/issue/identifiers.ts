import { Fault } from '@greenscreen/host/faults';
import { type ContextItems } from '@greenscreen/wire/wstep';

/** Characters: more than any device sends, and what an index takes [our choice]. */
const LONGEST = 256;
const identifiers = ['DeviceID', 'HWDevID', 'SerialNumber'] as const;

/** Throws InvalidEnrollmentData for a device that calls itself something that nobody could be called. */
export function identifiersArePlausible(context: ContextItems): void {
  const item = identifiers.find((name) => (context.get(name) ?? '').length > LONGEST);
  if (item !== undefined) throw new Fault('mdm.InvalidEnrollmentData', { item });
}
