import { CertificateError, decodeCertificate, thumbprint } from '@greenscreen/crypto/x509';
import { Fault } from '@greenscreen/host/faults';
import {
  type CustomProfile,
  type PolicyProfile,
  type ScepProfile,
  type TrustedRootProfile,
  type WifiProfile,
} from '@greenscreen/model/mdm-session';
import { z } from 'zod';
import { type GraphVersion } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';
import { decodeOmaSetting, encodeOmaSetting, omaSettingBody } from './oma-setting.js';
import { decodeScep, encodeScep, scepTypeName } from './scep-type.js';

/** A derived type of Graph `deviceConfiguration`. */
export interface ConfigurationType<P extends PolicyProfile> {
  readonly type: string;
  readonly versions: readonly GraphVersion[];
  readonly encode: (profile: P) => Record<string, unknown>;
  /** What the body in hand makes of a profile, or of none. */
  readonly decode: (current: P | undefined) => P;
}

const customBody = z.object({ omaSettings: z.array(omaSettingBody).max(1000).nullish() });

const custom: ConfigurationType<CustomProfile> = {
  type: '#microsoft.graph.windows10CustomConfiguration',
  versions: ['v1.0', 'beta'],
  encode: ({ settings }) => ({ omaSettings: settings.map(encodeOmaSetting) }),
  decode: (current) => ({ kind: 'custom', settings: readBody(customBody).omaSettings?.map(decodeOmaSetting) ?? current?.settings ?? [] }),
};

const trustedRootBody = z.object({
  trustedRootCertificate: z.base64().min(1).nullish(),
  certFileName: z.string().nullish(),
  destinationStore: z.enum(['computerCertStoreRoot', 'computerCertStoreIntermediate', 'userCertStoreIntermediate']).nullish(),
});

const trustedRoot: ConfigurationType<TrustedRootProfile> = {
  type: '#microsoft.graph.windows81TrustedRootCertificate',
  versions: ['beta'],
  encode: ({ certificate, fileName, store }) => ({
    trustedRootCertificate: certificate,
    certFileName: fileName,
    destinationStore: store,
  }),
  decode: (current) => {
    const { trustedRootCertificate, certFileName, destinationStore } = readBody(trustedRootBody);
    const certificate = trustedRootCertificate ?? current?.certificate;
    if (certificate === undefined) throw new Fault('graph.BadRequest', { reason: 'A profile needs its certificate.' });
    return {
      kind: 'trustedRoot',
      fileName: certFileName ?? current?.fileName ?? '',
      certificate,
      thumbprint: thumbprintOf(certificate),
      store: destinationStore ?? current?.store ?? 'computerCertStoreRoot',
    };
  },
};

function thumbprintOf(base64: string): string {
  try {
    return thumbprint(decodeCertificate(Buffer.from(base64, 'base64')).der);
  } catch (error) {
    if (error instanceof CertificateError)
      throw new Fault('graph.BadRequest', { reason: 'The certificate cannot be read.' }, { cause: error });
    throw error;
  }
}

const wifiBody = z.object({
  ssid: z.string().min(1).max(32).nullish(),
  networkName: z.string().min(1).nullish(),
  wifiSecurityType: z.enum(['open', 'wpaPersonal', 'wpa2Personal']).nullish(),
  preSharedKey: z.string().min(8).max(63).nullish(),
  connectAutomatically: z.boolean().nullish(),
  connectWhenNetworkNameIsHidden: z.boolean().nullish(),
});

/** A passphrase is not shown again [our choice]; a client that sends back what it has read does not remove it. */
const wifi: ConfigurationType<WifiProfile> = {
  type: '#microsoft.graph.windowsWifiConfiguration',
  versions: ['beta'],
  encode: ({ ssid, networkName, security, connectAutomatically, hidden }) => ({
    preSharedKey: null,
    wifiSecurityType: security,
    meteredConnectionLimit: 'unrestricted',
    ssid,
    networkName,
    connectAutomatically,
    connectToPreferredNetwork: false,
    connectWhenNetworkNameIsHidden: hidden,
    proxySetting: 'none',
    proxyManualAddress: null,
    proxyManualPort: null,
    proxyAutomaticConfigurationUrl: null,
    forceFIPSCompliance: false,
  }),
  decode: (current) => {
    const body = readBody(wifiBody);
    const ssid = body.ssid ?? current?.ssid;
    if (ssid === undefined) throw new Fault('graph.BadRequest', { reason: 'A Wi-Fi profile needs an SSID.' });
    const security = body.wifiSecurityType ?? current?.security ?? 'open';
    const preSharedKey = security === 'open' ? null : (body.preSharedKey ?? current?.preSharedKey ?? null);
    if (security !== 'open' && preSharedKey === null)
      throw new Fault('graph.BadRequest', { reason: 'The network needs a pre-shared key.' });
    return {
      kind: 'wifi',
      ssid,
      networkName: body.networkName ?? current?.networkName ?? ssid,
      security,
      preSharedKey,
      connectAutomatically: body.connectAutomatically ?? current?.connectAutomatically ?? false,
      hidden: body.connectWhenNetworkNameIsHidden ?? current?.hidden ?? false,
    };
  },
};

const scep: ConfigurationType<ScepProfile> = { type: scepTypeName, versions: ['beta'], encode: encodeScep, decode: decodeScep };

type Kind = PolicyProfile['kind'];
const kinds: readonly Kind[] = ['custom', 'trustedRoot', 'wifi', 'scep'];
const typeNames: Readonly<Record<Kind, Pick<ConfigurationType<PolicyProfile>, 'type' | 'versions'>>> = { custom, trustedRoot, wifi, scep };

/** The kind of profile that a client names by its type in a version of Graph; undefined for all others. */
export function kindOf(type: string, version: GraphVersion): Kind | undefined {
  const wanted = type.replace(/^#?/, '#').toLowerCase();
  return kinds.find((kind) => typeNames[kind].type.toLowerCase() === wanted && typeNames[kind].versions.includes(version));
}

/** A profile's type and its own members. */
export function encodeProfile(profile: PolicyProfile): Record<string, unknown> {
  switch (profile.kind) {
    case 'custom':
      return { '@odata.type': custom.type, ...custom.encode(profile) };
    case 'trustedRoot':
      return { '@odata.type': trustedRoot.type, ...trustedRoot.encode(profile) };
    case 'wifi':
      return { '@odata.type': wifi.type, ...wifi.encode(profile) };
    case 'scep':
      return { '@odata.type': scep.type, ...scep.encode(profile) };
  }
}

/** The profile of the body in hand: a new one of a kind, or `current` with what the body changes. */
export function decodeProfile(kind: Kind, current?: PolicyProfile): PolicyProfile {
  switch (kind) {
    case 'custom':
      return custom.decode(current?.kind === 'custom' ? current : undefined);
    case 'trustedRoot':
      return trustedRoot.decode(current?.kind === 'trustedRoot' ? current : undefined);
    case 'wifi':
      return wifi.decode(current?.kind === 'wifi' ? current : undefined);
    case 'scep':
      return scep.decode(current?.kind === 'scep' ? current : undefined);
  }
}
