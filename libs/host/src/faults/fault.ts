/** One row of a protocol's table of refusals. Tables add the columns their dialect needs. */
export interface FaultEntry {
  /** HTTP status. */
  readonly status: number;
  /** Public text; `{name}` is replaced from the fault's detail. */
  readonly text: string;
  /** What Windows shows, `0x` + 8 lower-case digits. */
  readonly hresult?: string;
  /** Where the row comes from: document, trace, or `our choice`. */
  readonly evidence: string;
}

export type FaultTable<E extends FaultEntry = FaultEntry> = Readonly<Record<string, E>>;
export type FaultDetail = Readonly<Record<string, string | number | boolean | undefined>>;

/** A refusal in a protocol's own terms: `code` indexes that protocol's table, where everything else about it is written. */
export class Fault extends Error {
  constructor(
    readonly code: string,
    readonly detail: FaultDetail = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = 'Fault';
  }
}

/** The row's text with `{name}` filled from the detail. */
export function faultText(entry: FaultEntry, detail: FaultDetail): string {
  return entry.text.replace(/\{(\w+)\}/g, (whole, name: string) => (detail[name] === undefined ? whole : String(detail[name])));
}
