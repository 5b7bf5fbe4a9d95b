import { type IntunePolicy, type OmaSetting, type PolicyProfile, profileOf } from '@greenscreen/model/mdm-session';
import { scepRequest, trustedCertificate, wifiProfile } from '@greenscreen/wire/dm-tree';
import { encodeWlanProfile } from '@greenscreen/wire/wlan-profile';
import { scepAddress } from '../content/scep-address.js';

/** A node that a policy writes, or one that it executes. */
export type PolicyNode = Pick<OmaSetting, 'uri' | 'format' | 'value'> | { readonly uri: string; readonly exec: true };

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
    case 'scep':
      return scepNodes(profile, policy);
  }
}

/** Networks that a status page waits for: ExpectedNetworkProfiles names the node of each (DMClient CSP). */
export const networkProfiles = (policies: readonly IntunePolicy[]): string[] =>
  policies.flatMap((policy) => {
    const profile = profileOf(policy);
    return profile.kind === 'wifi' ? [wifiProfile(profile.ssid, 'WlanXml')] : [];
  });

/** Certificates that a status page waits for: ExpectedSCEPCerts names the request of each. */
export const certificateProfiles = (policies: readonly IntunePolicy[]): string[] =>
  policies.flatMap((policy) => {
    const profile = profileOf(policy);
    return profile.kind === 'scep' ? [scepRequest(requestName(policy))] : [];
  });

type ProfileOf<K extends PolicyProfile['kind']> = Extract<PolicyProfile, { kind: K }>;

/** RootCATrustedCertificates CSP: roots and intermediate authorities of the computer, intermediate ones of the user. */
function rootNode({ store, thumbprint }: ProfileOf<'trustedRoot'>): string {
  const scope = store === 'userCertStoreIntermediate' ? 'user' : 'device';
  return trustedCertificate(store === 'computerCertStoreRoot' ? 'Root' : 'CA', thumbprint, scope, 'EncodedCertificate');
}

const wlanXml = ({ networkName, ssid, hidden, connectAutomatically, security, preSharedKey }: ProfileOf<'wifi'>): string =>
  encodeWlanProfile({ name: networkName, ssid, hidden, connectAutomatically, security, preSharedKey });

/** The request's node; Intune's names hold more [our choice]. */
const requestName = ({ id }: IntunePolicy): string => `LogicalName_${id}`;

/** What the request needs, then Exec (ClientCertificateInstall CSP; 06 D-B52). Of the hashes, SHA-2 is any of its family to the CSP. */
function scepNodes(profile: ProfileOf<'scep'>, policy: IntunePolicy): PolicyNode[] {
  const { serverUrl, subjectName, keyLength, hash, extendedKeyUsages, validity } = profile;
  const name = requestName(policy);
  const node = (member: string, value: string | number): PolicyNode => ({
    uri: scepRequest(name, 'Install', member),
    format: typeof value === 'number' ? 'int' : 'chr',
    value: String(value),
  });
  return [
    node('ServerURL', serverUrl ?? scepAddress(policy.tenantId, name)),
    node('SubjectName', subjectName),
    node('EKUMapping', extendedKeyUsages.map(({ objectIdentifier }) => objectIdentifier).join('+')),
    node('KeyUsage', DIGITAL_SIGNATURE | KEY_ENCIPHERMENT),
    node('KeyLength', keyLength),
    node('HashAlgorithm', hash === 'sha1' ? 'SHA-1' : 'SHA-2'),
    node('ValidPeriod', periods[validity.scale]),
    node('ValidPeriodUnits', validity.value),
    { uri: scepRequest(name, 'Install', 'Enroll'), exec: true },
  ];
}

/** Bits of `KeyUsage` and words of `ValidPeriod` (ClientCertificateInstall CSP [doc]). */
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;
const periods = { days: 'Days', months: 'Months', years: 'Years' } as const;
