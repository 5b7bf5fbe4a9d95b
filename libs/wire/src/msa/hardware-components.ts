import { guidPayload } from '../hardware-hash/payloads.js';

/** Numbers of `Component` elements (reference 01, 4.1 [client: xodus]). */
export const componentNames = {
  boardVersion: '4097',
  boardManufacturer: '4098',
  model: '4099',
  smbiosVersion: '4100',
  smbiosSerial: '4101',
  smbiosUuid: '4102',
  diskSerial: '4113',
  mac: '4131',
  chassis: '4145',
  /** The id of hash record 11: 32 bytes, SHA-256 of the EK's public numbers [our choice]. */
  offlineDeviceId: '4146',
} as const;

/** A component that the device cannot read: HRESULT of ERROR_FILE_NOT_FOUND, as a signed number. */
export const NOT_AVAILABLE = -2147024894;

const GUID_BYTES = 16;
const OFFLINE_ID_BYTES = 32;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a device says about its hardware. */
export interface ComponentFacts {
  readonly serial?: string;
  /** Lower-case GUID. */
  readonly smbiosUuid?: string;
  /** `ek_hash`, lower-case hex. */
  readonly ekHash?: string;
  readonly model?: string;
}

/** The facts that identify a device; values of the wrong size, and blank ones, are as good as absent. */
export function factsOfComponents(components: ReadonlyMap<string, Buffer>): ComponentFacts {
  const text = (name: string): string => beforeNul(components.get(name)?.toString('utf8') ?? '').trim();
  const uuid = uuidOf(components.get(componentNames.smbiosUuid));
  const id = components.get(componentNames.offlineDeviceId);
  const serial = text(componentNames.smbiosSerial);
  const model = text(componentNames.model);
  return {
    ...(serial === '' ? {} : { serial }),
    ...(uuid === undefined ? {} : { smbiosUuid: uuid }),
    ...(id?.length === OFFLINE_ID_BYTES ? { ekHash: id.toString('hex') } : {}),
    ...(model === '' ? {} : { model }),
  };
}

/** The components of a device, each undefined where it has nothing to say. */
export const componentsOfFacts = ({ serial, smbiosUuid, ekHash, model }: ComponentFacts): ReadonlyMap<string, Buffer | undefined> =>
  new Map([
    [componentNames.model, textValue(model)],
    [componentNames.smbiosSerial, textValue(serial)],
    [componentNames.smbiosUuid, smbiosUuid === undefined ? undefined : guidPayload.encode(smbiosUuid)],
    [componentNames.offlineDeviceId, ekHash === undefined ? undefined : Buffer.from(ekHash, 'hex')],
  ]);

/** Firmware strings end at their NUL. */
const beforeNul = (value: string): string => value.split('\0')[0] ?? '';

const textValue = (text: string | undefined): Buffer | undefined => (text === undefined ? undefined : Buffer.from(text, 'utf8'));

/** SMBIOS stores a UUID as 16 bytes, and clients send them raw [client: xodus]; a written-out GUID is understood as well. */
function uuidOf(value: Buffer | undefined): string | undefined {
  if (value?.length === GUID_BYTES) return guidPayload.decode(value);
  const text =
    value
      ?.toString('utf8')
      .replace(/[{}\0]/g, '')
      .trim() ?? '';
  return GUID.test(text) ? text.toLowerCase() : undefined;
}
