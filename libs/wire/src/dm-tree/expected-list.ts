/** Separator of the `Expected…` lists of FirstSyncStatus (DMClient CSP). */
const SEPARATOR = '\uf000';

/** An entry of an `Expected…` list: a node that must exist, and for app lists how many of it. */
export interface ExpectedEntry {
  readonly uri: string;
  /** Only in ExpectedMSIAppPackages and ExpectedModernAppPackages. */
  readonly count?: number;
}

export function encodeExpectedList(entries: readonly ExpectedEntry[]): string {
  return entries.map(({ uri, count }) => (count === undefined ? uri : `${uri};${count}`)).join(SEPARATOR);
}

export function decodeExpectedList(value: string): ExpectedEntry[] {
  return value
    .split(SEPARATOR)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const counted = /^(.*);(\d+)$/s.exec(entry);
      return counted?.[1] === undefined ? { uri: entry } : { uri: counted[1], count: Number(counted[2]) };
    });
}
