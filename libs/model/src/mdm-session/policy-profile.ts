import { type IntunePolicy } from './intune-policy.entity.js';

/** A node that a profile writes; the value as SyncML carries it. */
export interface OmaSetting {
  readonly name: string;
  readonly description: string;
  readonly uri: string;
  readonly format: 'int' | 'bool' | 'chr' | 'xml' | 'b64' | 'float' | 'time';
  readonly value: string;
}

/** Any nodes (Graph `windows10CustomConfiguration`). */
export interface CustomProfile {
  readonly kind: 'custom';
  readonly settings: readonly OmaSetting[];
}

/** A root that devices are to trust (Graph `windows81TrustedRootCertificate`). */
export interface TrustedRootProfile {
  readonly kind: 'trustedRoot';
  readonly fileName: string;
  /** base64 of the DER. */
  readonly certificate: string;
  /** SHA-1 of the DER, upper-case hex: the node's name. */
  readonly thumbprint: string;
  readonly store: 'computerCertStoreRoot' | 'computerCertStoreIntermediate' | 'userCertStoreIntermediate';
}

/** A wireless network (Graph `windowsWifiConfiguration`). */
export interface WifiProfile {
  readonly kind: 'wifi';
  /** Name of the profile. */
  readonly networkName: string;
  readonly ssid: string;
  readonly security: 'open' | 'wpaPersonal' | 'wpa2Personal';
  /** Passphrase; null for an open network. */
  readonly preSharedKey: string | null;
  readonly connectAutomatically: boolean;
  /** Whether the network does not tell its name. */
  readonly hidden: boolean;
}

/** A certificate that devices ask for (Graph `windows81SCEPCertificateProfile`). */
export interface ScepProfile {
  readonly kind: 'scep';
  /** Where the request goes; the lab's own address when there is none. */
  readonly serverUrl: string | null;
  /** `CN=…` */
  readonly subjectName: string;
  readonly keyLength: 1024 | 2048 | 4096;
  readonly hash: 'sha1' | 'sha2';
  readonly extendedKeyUsages: readonly { readonly name: string; readonly objectIdentifier: string }[];
  readonly validity: { readonly value: number; readonly scale: 'days' | 'months' | 'years' };
}

export type PolicyProfile = CustomProfile | TrustedRootProfile | WifiProfile | ScepProfile;

const formats = { number: 'int', boolean: 'bool', string: 'chr' } as const;
export const formatOf = (value: number | boolean | string): 'int' | 'bool' | 'chr' =>
  typeof value === 'number' ? formats.number : typeof value === 'boolean' ? formats.boolean : formats.string;

/** A policy as a profile: a single setting is a profile of one. */
export function profileOf({
  profile,
  uri,
  value,
  displayName,
}: Pick<IntunePolicy, 'profile' | 'uri' | 'value' | 'displayName'>): PolicyProfile {
  if (profile) return profile;
  if (uri === null || value === null) return { kind: 'custom', settings: [] };
  return { kind: 'custom', settings: [{ name: displayName || uri, description: '', uri, format: formatOf(value), value: String(value) }] };
}
