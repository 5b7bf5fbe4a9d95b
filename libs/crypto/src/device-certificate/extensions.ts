import { asOctets, decodeDer, DerError } from '../der/index.js';
import { guidFromBytes, guidToBytes } from '../sid/index.js';
import { type Extension } from '../x509/index.js';

/** Extensions of an MS-Organization-Access certificate (reference 02, 11.1 [doc: MS-DVRJ 4.1]). */
export const deviceOids = {
  deviceId: '1.2.840.113556.1.5.284.2',
  userObjectId: '1.2.840.113556.1.5.284.3',
  tenantId: '1.2.840.113556.1.5.284.5',
  joinKind: '1.2.840.113556.1.5.284.7',
  region: '1.2.840.113556.1.5.284.8',
} as const;

/** What the extensions say; GUIDs in lower case. */
export interface DeviceIdentityExtensions {
  readonly deviceId: string;
  /** Object id of the user who authenticated; the device id again when the device itself did (reference 02, 11.1 [inferred]). */
  readonly userObjectId: string;
  readonly tenantId: string;
  /** Undefined leaves the extension out: one of the defects that labs ask for. */
  readonly joined: boolean | undefined;
  /** `EU`, `NA`, … */
  readonly region: string;
}

/**
 * An OCTET STRING inside the extension's own, with its length in long form although short would do: `04 81 <len> <data>` (reference 02, 11.1).
 * No DER writer emits that, so the bytes are put together by hand. At most 255 bytes.
 */
const longForm = (oid: string, data: Buffer): Extension => ({
  oid,
  critical: false,
  value: Buffer.concat([Buffer.from([0x04, 0x81, data.length]), data]),
});

/** In the order of their numbers. */
export function deviceExtensions({ deviceId, userObjectId, tenantId, joined, region }: DeviceIdentityExtensions): Extension[] {
  return [
    longForm(deviceOids.deviceId, guidToBytes(deviceId)),
    longForm(deviceOids.userObjectId, guidToBytes(userObjectId)),
    longForm(deviceOids.tenantId, guidToBytes(tenantId)),
    ...(joined === undefined ? [] : [longForm(deviceOids.joinKind, Buffer.from(joined ? '1' : '0', 'ascii'))]),
    longForm(deviceOids.region, Buffer.from(region, 'ascii')),
  ];
}

type Extensions = ReadonlyMap<string, { readonly value: Buffer }>;

/** Content of an extension as public readers take it: `04 81 len …`, `04 len …`, or raw (reference 02, 11.1 [client: Gerenios/AADInternals]). */
export function deviceExtensionContent(extensions: Extensions, oid: string): Buffer | undefined {
  const value = extensions.get(oid)?.value;
  if (!value) return undefined;
  if (value[0] !== 0x04) return value;
  if (value[1] === 0x81 && value[2] === value.length - 3) return value.subarray(3);
  try {
    return asOctets(decodeDer(value));
  } catch (error) {
    if (error instanceof DerError) return value;
    throw error;
  }
}

/** GUID of an extension; undefined when it has none. */
export function deviceExtensionGuid(extensions: Extensions, oid: string): string | undefined {
  const content = deviceExtensionContent(extensions, oid);
  return content?.length === 16 ? guidFromBytes(content) : undefined;
}
