import { attributeOf, childOf, childrenOf, childText, isElement, type Markup, xml, type XmlElement } from '../xml/index.js';
import { parseMessage } from './message.js';
import { MsaMessageError } from './error.js';
import { NOT_AVAILABLE } from './hardware-components.js';

/** `DeviceAddRequest` (reference 01, 4.1). */
export interface DeviceAddRequest {
  /** `02` + 14 characters from Windows, `11…` from old CRM clients. */
  readonly membername: string;
  readonly password: string;
  /** Values of `Component` elements by number; those with an `error` are left out. */
  readonly components: ReadonlyMap<string, Buffer>;
  /** Modulus of `TPMInfo`, big endian, as sent. Whose key it is depends on the client. */
  readonly tpmModulus?: Buffer;
}

/** Members of the native client's names: no more than this is stored. */
const LONGEST_NAME = 64;
const NONE = '';

/** Throws {@link MsaMessageError} for anything but a device-add request with a name and a password. */
export function decodeDeviceAddRequest(body: Uint8Array): DeviceAddRequest {
  const root = parseMessage(body);
  if (!isElement(root, NONE, 'DeviceAddRequest')) throw new MsaMessageError('not a DeviceAddRequest');
  const authentication = childOf(root, NONE, 'Authentication');
  const membername = (authentication && childText(authentication, NONE, 'Membername')) ?? '';
  const password = (authentication && childOf(authentication, NONE, 'Password')?.text) ?? '';
  if (membername === '' || membername.length > LONGEST_NAME || password === '') throw new MsaMessageError('no usable name and password');
  const info = childOf(root, NONE, 'DeviceInfo');
  const tpmModulus = info && modulusOf(info);
  return { membername, password, components: info ? componentsOf(info) : new Map(), ...(tpmModulus ? { tpmModulus } : {}) };
}

function componentsOf(info: XmlElement): Map<string, Buffer> {
  const values = new Map<string, Buffer>();
  for (const component of childrenOf(info, NONE, 'Component')) {
    const name = attributeOf(component, 'name')?.trim();
    if (name === undefined || attributeOf(component, 'error') !== undefined) continue;
    values.set(name, base64Of(component.text));
  }
  return values;
}

function modulusOf(info: XmlElement): Buffer | undefined {
  const path = ['TPMInfo', 'KeyValue', 'RSAKeyValue', 'Modulus'];
  const modulus = path.reduce<XmlElement | undefined>((element, name) => element && childOf(element, NONE, name), info);
  return modulus && base64Of(modulus.text);
}

function base64Of(text: string): Buffer {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new MsaMessageError('a value is not base64');
  return Buffer.from(compact, 'base64');
}

export interface DeviceAddCall {
  readonly membername: string;
  readonly password: string;
  /** Undefined values are sent as not available. */
  readonly components: ReadonlyMap<string, Buffer | undefined>;
  readonly tpmKey?: { readonly modulus: Buffer; readonly exponent: Buffer };
}

/** The request as the native client writes it [client: xodus]. */
export function encodeDeviceAddRequest({ membername, password, components, tpmKey }: DeviceAddCall): Buffer {
  const entries = [...components].map(([name, value]) =>
    value === undefined
      ? xml`<Component name="${name}" error="${NOT_AVAILABLE}"></Component>`
      : xml`<Component name="${name}">${value.toString('base64')}</Component>`,
  );
  return xml`<?xml version="1.0"?><DeviceAddRequest><ClientInfo name="IDCRL" version="1.0"><BinaryVersion>55</BinaryVersion></ClientInfo><Authentication><Membername>${membername}</Membername><Password>${password}</Password></Authentication><DeviceInfo Id="DeviceInfo">${entries}${tpmInfo(tpmKey)}</DeviceInfo></DeviceAddRequest>`.toBuffer();
}

const tpmInfo = (key: DeviceAddCall['tpmKey']): Markup | undefined =>
  key &&
  xml`<TPMInfo><KeyValue><RSAKeyValue><Modulus>${key.modulus.toString('base64')}</Modulus><Exponent>${key.exponent.toString('base64')}</Exponent></RSAKeyValue></KeyValue></TPMInfo>`;
