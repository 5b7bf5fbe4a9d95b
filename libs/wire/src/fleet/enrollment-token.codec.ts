import { JsonFormatError, objectOf, parseObject, requiredText } from '../json/index.js';

/**
 * What Fleet's clients put into DeviceEnrollmentUserToken: `{"type":1,"payload":{"orbit_node_key":"…"}}` of a host that its agent enrolls,
 * `{"type":2,"payload":{"auth_token":"…"}}` of a user who signed in (reference 04, section 8).
 */
export type FleetToken =
  { readonly kind: 'programmatic'; readonly orbitNodeKey: string } | { readonly kind: 'automatic'; readonly authToken: string };

const PROGRAMMATIC = 1;
const AUTOMATIC = 2;

/** Throws JsonFormatError. */
export function decodeFleetToken(text: string): FleetToken {
  const token = parseObject(text);
  const payload = objectOf(token.payload, 'payload');
  switch (token.type) {
    case PROGRAMMATIC:
      return { kind: 'programmatic', orbitNodeKey: requiredText(payload, 'orbit_node_key') };
    case AUTOMATIC:
      return { kind: 'automatic', authToken: requiredText(payload, 'auth_token') };
    default:
      throw new JsonFormatError('type');
  }
}

export const encodeFleetToken = (token: FleetToken): string =>
  JSON.stringify(
    token.kind === 'programmatic'
      ? { type: PROGRAMMATIC, payload: { orbit_node_key: token.orbitNodeKey } }
      : { type: AUTOMATIC, payload: { auth_token: token.authToken } },
  );
