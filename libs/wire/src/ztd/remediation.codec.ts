import { parseProfileDocument } from './autopilot-profile.codec.js';

/** What a device says when its hardware no longer matches its registration (reference 01, 5.6). */
export interface HardwareMismatch {
  /** The hash of the old hardware as the device kept it; empty when it kept none. */
  readonly cachedHardwareBlob: string;
  readonly currentHardwareBlob: string;
}

/** `HardwareMismatchRemediationData`: base64 of JSON; the same value stands in the MDM's CSP node. */
export const encodeRemediationData = ({ cachedHardwareBlob, currentHardwareBlob }: HardwareMismatch): string =>
  Buffer.from(JSON.stringify({ CachedHardwareBlob: cachedHardwareBlob, CurrentHardwareBlob: currentHardwareBlob }), 'utf8').toString(
    'base64',
  );

/** Undefined for anything that is not base64 of such an object. */
export function decodeRemediationData(data: string): HardwareMismatch | undefined {
  const compact = data.replace(/\s+/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const document = parseProfileDocument(Buffer.from(compact, 'base64'));
  const { CachedHardwareBlob: cached = '', CurrentHardwareBlob: current } = document ?? {};
  return typeof cached === 'string' && typeof current === 'string'
    ? { cachedHardwareBlob: cached, currentHardwareBlob: current }
    : undefined;
}

/** Body of the PATCH. */
export const encodeRemediationRequest = (mismatch: HardwareMismatch): string =>
  JSON.stringify({ HardwareMismatchRemediationData: encodeRemediationData(mismatch) });

/** The data in the PATCH's body, as sent; undefined when there is none. */
export function decodeRemediationRequest(body: Buffer): string | undefined {
  const data = parseProfileDocument(body)?.HardwareMismatchRemediationData;
  return typeof data === 'string' ? data : undefined;
}
