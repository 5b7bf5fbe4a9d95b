import { childOf, childText, parseXml, type XmlElement, XmlError, xml } from '../xml/index.js';

/** Namespace of the schema WLAN_profile, version 1. */
const NAMESPACE = 'http://www.microsoft.com/networking/WLAN/profile/v1';

/** A wireless network as Windows keeps it (WLAN_profile schema), as far as it is open or has a passphrase. */
export interface WlanProfile {
  /** Name of the profile. */
  readonly name: string;
  readonly ssid: string;
  /** Whether the network does not tell its name. */
  readonly hidden: boolean;
  readonly connectAutomatically: boolean;
  readonly security: 'open' | 'wpaPersonal' | 'wpa2Personal';
  /** Passphrase in clear; null for an open network. */
  readonly preSharedKey: string | null;
}

/** No WLAN profile, or one of a kind that is not known here. */
export class WlanProfileError extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`Not a WLAN profile: ${problem}`, options);
    this.name = 'WlanProfileError';
  }
}

/** `authentication` and `encryption` of `authEncryption` (WLAN_profile schema). */
const authentications = {
  open: ['open', 'none'],
  wpaPersonal: ['WPAPSK', 'TKIP'],
  wpa2Personal: ['WPA2PSK', 'AES'],
} as const;
const securities = ['open', 'wpaPersonal', 'wpa2Personal'] as const;

/** XML text, for the `WlanXml` node, whose SyncML escapes it (WiFi CSP). */
export function encodeWlanProfile({ name, ssid, hidden, connectAutomatically, security, preSharedKey }: WlanProfile): string {
  const [authentication, encryption] = authentications[security];
  const hex = Buffer.from(ssid, 'utf8').toString('hex').toUpperCase();
  const key =
    preSharedKey === null
      ? []
      : [xml`<sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>${preSharedKey}</keyMaterial></sharedKey>`];
  return xml`<?xml version="1.0"?><WLANProfile xmlns="${NAMESPACE}"><name>${name}</name><SSIDConfig><SSID><hex>${hex}</hex><name>${ssid}</name></SSID><nonBroadcast>${String(hidden)}</nonBroadcast></SSIDConfig><connectionType>ESS</connectionType><connectionMode>${connectAutomatically ? 'auto' : 'manual'}</connectionMode><MSM><security><authEncryption><authentication>${authentication}</authentication><encryption>${encryption}</encryption><useOneX>false</useOneX></authEncryption>${key}</security></MSM></WLANProfile>`.toString();
}

/** Throws {@link WlanProfileError}. */
export function decodeWlanProfile(text: string): WlanProfile {
  const root = parse(text);
  if (root.name !== 'WLANProfile' || root.namespace !== NAMESPACE) throw new WlanProfileError(`the root is ${root.name}`);
  const network = at(root, 'SSIDConfig');
  const security = at(at(root, 'MSM'), 'security');
  const authentication = textOf(at(security, 'authEncryption'), 'authentication').trim().toLowerCase();
  const known = securities.find((candidate) => authentications[candidate][0].toLowerCase() === authentication);
  if (!known) throw new WlanProfileError(`authentication is "${authentication}"`);
  const key = find(security, 'sharedKey');
  if ((known === 'open') !== (key === undefined)) throw new WlanProfileError('a passphrase is missing, or stands where none belongs');
  return {
    name: textOf(root, 'name'),
    ssid: textOf(at(network, 'SSID'), 'name'),
    hidden: (childText(network, NAMESPACE, 'nonBroadcast') ?? 'false').trim() === 'true',
    connectAutomatically: (childText(root, NAMESPACE, 'connectionMode') ?? 'auto').trim() === 'auto',
    security: known,
    preSharedKey: key ? textOf(key, 'keyMaterial') : null,
  };
}

function parse(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new WlanProfileError('it is not XML', { cause: error });
    throw error;
  }
}

const find = (element: XmlElement, name: string): XmlElement | undefined => childOf(element, NAMESPACE, name);

function at(element: XmlElement, name: string): XmlElement {
  const found = find(element, name);
  if (!found) throw new WlanProfileError(`${element.name} has no ${name}`);
  return found;
}

function textOf(element: XmlElement, name: string): string {
  const { text: found } = at(element, name);
  if (found === '') throw new WlanProfileError(`${name} is empty`);
  return found;
}
