import { type IntunePolicy, type OmaSetting, type PolicyProfile, profileOf } from '@greenscreen/model/mdm-session';
import { trustedCertificate, wifiProfile } from '@greenscreen/wire/dm-tree';
import { encodeWlanProfile } from '@greenscreen/wire/wlan-profile';

/** A node that a policy writes. */
export type PolicyNode = Pick<OmaSetting, 'uri' | 'format' | 'value'>;

/** What a policy comes to on the wire, by its kind. */
export function policyNodes(policy: IntunePolicy): PolicyNode[] {
  const profile = profileOf(policy);
  switch (profile.kind) {
    case 'custom':
      return profile.settings.map(({ uri, format, value }) => ({ uri, format, value }));
    case 'trustedRoot':
      return [{ uri: rootNode(profile), format: 'b64', value: profile.certificate }];
    case 'wifi':
      return [{ uri: wifiProfile(profile.ssid, 'WlanXml'), format: 'chr', value: wlanXml(profile) }];
  }
}

/** Networks that a status page waits for: ExpectedNetworkProfiles names the node of each (DMClient CSP). */
export const networkProfiles = (policies: readonly IntunePolicy[]): string[] =>
  policies.flatMap((policy) => {
    const profile = profileOf(policy);
    return profile.kind === 'wifi' ? [wifiProfile(profile.ssid, 'WlanXml')] : [];
  });

type ProfileOf<K extends PolicyProfile['kind']> = Extract<PolicyProfile, { kind: K }>;

/** RootCATrustedCertificates CSP: roots and intermediate authorities of the computer, intermediate ones of the user. */
function rootNode({ store, thumbprint }: ProfileOf<'trustedRoot'>): string {
  const scope = store === 'userCertStoreIntermediate' ? 'user' : 'device';
  return trustedCertificate(store === 'computerCertStoreRoot' ? 'Root' : 'CA', thumbprint, scope, 'EncodedCertificate');
}

const wlanXml = ({ networkName, ssid, hidden, connectAutomatically, security, preSharedKey }: ProfileOf<'wifi'>): string =>
  encodeWlanProfile({ name: networkName, ssid, hidden, connectAutomatically, security, preSharedKey });
