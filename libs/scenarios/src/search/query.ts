/** What somebody looks for in the catalogue. */
export type Query =
  /** As scenarios write it: `0x` and eight lower-case digits. */
  | { readonly kind: 'hresult'; readonly hresult: string }
  /** An event id, of one channel where it is named; or an entry of the catalogue of failures. */
  | { readonly kind: 'number'; readonly number: number; readonly channel: string | undefined }
  /** Lower-case words, all of which must be there. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

const channels: ReadonlyMap<string, string> = new Map([
  ['autopilot', 'autopilot'],
  ['management', 'management'],
  ['managementservice', 'management'],
  ['udr', 'udr'],
  ['dmedp', 'dmedp'],
  ['shellcore', 'shellcore'],
  ['shell-core', 'shellcore'],
  ['aad', 'aad'],
  ['laps', 'laps'],
]);

/** Reported instead of what it is an alias of (reference 06, D-A52). */
const aliases: Readonly<Record<string, string>> = { '0xc1036501': '0x81036501' };

/** HRESULTs that failed begin with 8 or more; smaller numbers are event ids. */
const FIRST_HRESULT = 0x80000000;
const LAST_HRESULT = 0xffffffff;

/**
 * Understands `0x801C03F3`, `801c03f3`, the signed number that some logs show, `204`, `event 204`, `udr 204`, `udr/204`, and everything else as
 * words.
 */
export function queryOf(text: string): Query {
  const plain = text.trim().toLowerCase();
  const hex = /^(?:0x)?([89a-f][0-9a-f]{7})$/.exec(plain)?.[1];
  if (hex !== undefined) return hresult(Number.parseInt(hex, 16));
  const [, prefix, digits] = /^(?:([a-z-]+)[\s/:]+)?(-?\d+)$/.exec(plain) ?? [];
  const channel = prefix === undefined || prefix === 'event' ? undefined : channels.get(prefix);
  if (digits !== undefined && (prefix === undefined || prefix === 'event' || channel !== undefined)) {
    const number = Number(digits);
    if (number < 0 && number >= -FIRST_HRESULT) return hresult(number + LAST_HRESULT + 1);
    if (number >= FIRST_HRESULT && number <= LAST_HRESULT) return hresult(number);
    if (number >= 0) return { kind: 'number', number, channel };
  }
  return { kind: 'words', words: plain.split(/\s+/).filter((word) => word !== '') };
}

function hresult(code: number): Query {
  const text = `0x${code.toString(16)}`;
  return { kind: 'hresult', hresult: aliases[text] ?? text };
}
