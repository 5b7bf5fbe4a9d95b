/** A profile request: a GET without body whose headers say everything (reference 01, 5.2). */
export interface ProfileRequest {
  /** Device ticket of login.live.com. */
  readonly deviceToken?: string;
  /** `MS-CV`: base of 16 base64 digits, then `.N` for each hop. */
  readonly correlationVector?: string;
  /** The hardware hash of today; builds from before July 2022 send none. */
  readonly hardwareHash?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  /** `10.0.26100.1742` */
  readonly osVersion?: string;
  /** Product number, decimal: 48 Professional, 4 Enterprise. */
  readonly osEdition?: string;
  /** Opaque value that an earlier run left on the device. */
  readonly marker?: string;
}

const names: Readonly<Record<keyof ProfileRequest, string>> = {
  deviceToken: 'X-Device-Token',
  correlationVector: 'MS-CV',
  hardwareHash: 'X-Hardware-Hash',
  manufacturer: 'X-Device-Manufacturer',
  model: 'X-Device-Model',
  osVersion: 'X-OsVersion',
  osEdition: 'X-OsEdition',
  marker: 'X-Autopilot-Marker',
};

/** Headers of the request; whatever is absent or empty is not sent. */
export function encodeProfileRequest(request: ProfileRequest): Record<string, string> {
  const headers = keysOf(names).map((key): [string, string] => [names[key], request[key] ?? '']);
  return Object.fromEntries(headers.filter(([, value]) => value !== ''));
}

/** Reads lower-case header names; an empty header counts as absent. */
export function decodeProfileRequest(headers: Readonly<Record<string, string | string[] | undefined>>): ProfileRequest {
  const values = keysOf(names).map((key): [string, string] => [key, [headers[names[key].toLowerCase()] ?? ''].flat()[0]?.trim() ?? '']);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[];
