import { type JournalEntry } from '@greenscreen/model/installation';
import { certificateView, csrView } from './certificate-views.js';
import { cmsView, type KeyOf } from './cms-view.js';
import { formView, jsonView, jwtView } from './text-views.js';
import { tpmView } from './tpm-views.js';
import { type Look, type Part, type View } from './view.js';
import { partsOf } from './wrapped-text.js';
import { xmlView } from './xml-views.js';

export { type KeyOf } from './cms-view.js';
export { type Json, type Part, type View } from './view.js';

/** Wrappings that are looked into: a certificate in a provisioning document in a token in an envelope is the fourth. */
const DEPTH = 6;

/** In this order; the first that can read the bytes says what they are. */
const decoders: readonly ((bytes: Buffer, look: Look, keyOf: KeyOf) => View | undefined)[] = [
  jwtView,
  xmlView,
  jsonView,
  certificateView,
  csrView,
  cmsView,
  tpmView,
  formView,
];

/** What bytes are and say, down to what is wrapped in them; undefined for what the lab has no name for. */
export function decode(bytes: Buffer, keyOf: KeyOf = () => undefined, depth = DEPTH): View | undefined {
  if (depth === 0 || bytes.length === 0) return undefined;
  const look: Look = (inner) => decode(inner, keyOf, depth - 1);
  for (const decoder of decoders) {
    const view = decoder(bytes, look, keyOf);
    if (view) return view;
  }
  return undefined;
}

/** An exchange to read: its query and bodies, and the structures in its headers. */
export interface DecodedExchange {
  readonly query?: View;
  readonly request?: View;
  readonly response?: View;
  readonly requestHeaders: readonly Part[];
  readonly responseHeaders: readonly Part[];
}

/** `keyOf` opens what was sent to the lab itself; what was sent to a device stays shut. */
export function decodeExchange(entry: JournalEntry, keyOf: KeyOf): DecodedExchange {
  const { path, requestHeaders, requestBody, responseHeaders, responseBody } = entry;
  const [, query = ''] = path.split('?');
  const look: Look = (bytes) => decode(bytes, keyOf);
  const views = { query: look(Buffer.from(query)), request: look(requestBody), response: look(responseBody) };
  return {
    ...Object.fromEntries(Object.entries(views).filter(([, view]) => view !== undefined)),
    requestHeaders: partsOf(requestHeaders, look),
    responseHeaders: partsOf(responseHeaders, look),
  };
}
