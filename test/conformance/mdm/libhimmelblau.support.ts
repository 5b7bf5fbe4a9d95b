import { type KeyPair } from '@greenscreen/crypto/keys';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { csrOf } from '../drs/support.js';
import { members, type Members } from '../sts/support.js';

const GRAPH_ENDPOINTS = 'https://graph.microsoft.com/v1.0/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints';
const VERSION = '1.2511.7';
const QUERY = `?api-version=1.0&client-version=${VERSION}`;
const STATE_QUERY = `?api-version=16.4&ssp=LinuxCP&ssp-version=${VERSION}&os=Linux&os-version=24.04&os-sub=None&arch=X64&mgmt-agent=mdm`;

/** What the client's parser asks of a JSON value; `?` is what may be null or absent. */
type Kind = 'text' | 'text?' | 'flag' | 'byte' | 'number' | 'list' | 'action' | 'action?' | 'rules' | 'state';

const DEVICE: Readonly<Record<string, Kind>> = {
  '#CommonContainer.CheckCompliance': 'action',
  '#CommonContainer.GetManagementState': 'action',
  '#CommonContainer.RegisterForAppPushNotifications': 'action',
  '#CommonContainer.RemoveSignedDeviceIdPolicyAssignment': 'action',
  '#CommonContainer.Retire': 'action?',
  '#CommonContainer.SetHeartBeat': 'action',
  '#CommonContainer.SetOptIn': 'action',
  '#CommonContainer.SetRD': 'action',
  '#CommonContainer.UpdateAadId': 'action',
  AadId: 'text',
  AppWrapperCertSN: 'text?',
  Architecture: 'text?',
  CategoryId: 'text?',
  CategorySetByEndUser: 'flag',
  ChassisType: 'text',
  CoManagementFeatures: 'number',
  ComplianceState: 'state',
  CreatedDate: 'text',
  DeviceActions: 'list',
  DeviceHWId: 'text?',
  EasId: 'text',
  EnrollmentType: 'byte',
  ExchangeActivationItemEasId: 'text',
  ExchangeActivationItems: 'list',
  InGracePeriodUntilDateTimeUtc: 'text',
  IsCompliantInGraph: 'flag',
  IsExchangeActivated: 'flag',
  IsManagedInGraph: 'flag',
  IsPartnerManaged: 'flag',
  IsReadOnly: 'flag',
  IsSharedDevice: 'flag',
  Key: 'text',
  LastContact: 'text',
  LastContactNotification: 'text',
  ManagementAgent: 'text',
  ManagementType: 'text',
  Manufacturer: 'text',
  Model: 'text?',
  Nickname: 'text?',
  NoncompliantRules: 'rules',
  OSSubtype: 'text',
  OSVersion: 'text',
  OfficialName: 'text',
  OperatingSystem: 'text',
  OperatingSystemId: 'text',
  OwnerType: 'byte',
  SupervisedStatus: 'byte',
  UdaStatus: 'byte',
  UserApprovedEnrollment: 'byte',
  'odata.id': 'text',
  'odata.metadata': 'text',
};

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown, limit: number): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= limit;
const has = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && names.every((name) => isText((value as Members)[name]));

const fits: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: isText,
  'text?': (value) => (value ?? undefined) === undefined || isText(value),
  flag: (value) => typeof value === 'boolean',
  byte: (value) => isNumber(value, 255),
  number: (value) => isNumber(value, 0xffffffff),
  list: Array.isArray,
  action: (value) => has(value, 'target', 'title'),
  'action?': (value) => (value ?? undefined) === undefined || has(value, 'target', 'title'),
  rules: (value) => Array.isArray(value) && value.every((rule) => has(rule, 'SettingID')),
  state: (value) => ['Compliant', 'Noncompliant', 'Unknown', 'Error'].includes(String(value)),
};

function parsed(shape: Readonly<Record<string, Kind>>, value: Members): Members {
  for (const [name, kind] of Object.entries(shape))
    if (!fits[kind](value[name])) throw new Error(`${name} is no ${kind}: ${JSON.stringify(value[name])}`);
  return value;
}

export interface LinuxTokens {
  readonly graph: string;
  readonly enrollment: string;
  readonly checkIn: string;
  readonly iwService: string;
}

/** How libhimmelblau goes through enrollment and check-in of Linux (himmelblau-idm/libhimmelblau `src/intune.rs`; reference 04, section 9). */
export class LinuxPortal {
  private endpoints: readonly { readonly providerName: string; readonly uri: string }[] = [];

  constructor(
    private readonly cloud: () => TestCloud,
    private readonly tokens: LinuxTokens,
    readonly name = 'linux-1',
  ) {}

  /** `intune_service_endpoints`: each by the first entry with its name. */
  async discover(): Promise<void> {
    const { value } = members(worked(await this.get(GRAPH_ENDPOINTS, this.tokens.graph)));
    this.endpoints = value as typeof this.endpoints;
  }

  /** `enroll`: DER of the certificate, whose key has to be the request's. */
  async enroll(keys: KeyPair, change: Members = {}): Promise<{ deviceId: string; certificate: Buffer; answer: Members }> {
    const answer = members(worked(await this.requestEnrollment(keys, change)));
    const { certBlob } = answer.certificate as { certBlob: number[] };
    if (!certBlob.every((byte) => isNumber(byte, 255))) throw new Error('certBlob is no list of bytes');
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certBlob).toString('base64')}\n-----END CERTIFICATE-----`;
    const certificate = new X509Certificate(pem);
    const spki = createPublicKey(keys.privateKey).export({ type: 'spki', format: 'der' });
    if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(spki))
      throw new Error('Certificate public key does not match TPM key');
    return { deviceId: String(answer.deviceId), certificate: certificate.raw, answer };
  }

  async requestEnrollment(keys: KeyPair, change: Members = {}, token = this.tokens.enrollment): Promise<TestResponse> {
    const csr = await csrOf(keys, this.name);
    return this.cloud().request(`${this.uri('LinuxEnrollmentService')}/enroll${QUERY}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': `Linux Company Portal/ubuntu/${VERSION}`,
        accept: '*/*',
      },
      body: JSON.stringify({ CertificateSigningRequest: pemOf(csr), AppVersion: '0.0.0', DeviceName: this.name, ...change }),
    });
  }

  /** `details` */
  details(deviceId: string, change: Members = {}, token = this.tokens.checkIn): Promise<TestResponse> {
    const body = {
      DeviceId: deviceId,
      DeviceName: this.name,
      Manufacturer: 'Contoso Devices',
      OSDistribution: 'ubuntu',
      OSVersion: '24.04',
      ...change,
    };
    return this.postJson(`${this.uri('LinuxDeviceCheckinService')}/details${QUERY}`, token, body);
  }

  /** `policies` */
  policies(deviceId: string, token = this.tokens.checkIn): Promise<TestResponse> {
    return this.get(`${this.uri('LinuxDeviceCheckinService')}/policies/${deviceId}${QUERY}`, token);
  }

  /** `status`; no DeviceId in the client's own type means that it is left out. */
  status(deviceId: string | undefined, policyStatuses: readonly unknown[], token = this.tokens.checkIn): Promise<TestResponse> {
    return this.postJson(`${this.uri('LinuxDeviceCheckinService')}/status${QUERY}`, token, {
      DeviceId: deviceId ?? null,
      PolicyStatuses: policyStatuses,
    });
  }

  /** `get_compliance_info` */
  async complianceInfo(deviceId: string): Promise<Members> {
    return parsed(DEVICE, members(worked(await this.deviceState(deviceId))));
  }

  deviceState(deviceId: string, token = this.tokens.iwService): Promise<TestResponse> {
    return this.get(`${this.uri('IWService')}/Devices(guid'${deviceId}')${STATE_QUERY}`, token);
  }

  private uri(name: string): string {
    const found = this.endpoints.find(({ providerName }) => providerName === name);
    if (!found) throw new Error(`Missing ${name}`);
    return found.uri;
  }

  private get(url: string, token: string): Promise<TestResponse> {
    return this.cloud().request(url, { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } });
  }

  private postJson(url: string, token: string, body: Members): Promise<TestResponse> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return this.cloud().request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}

/** What it reports of policies: `From<Vec<IntunePolicy>> for IntuneStatus`, then its own verdict of each setting. */
export function statusesOf(policies: readonly Members[], state: 'Compliant' | 'NonCompliant'): Members[] {
  return policies.map((policy) => {
    for (const name of ['accountId', 'description', 'policyId', 'policyType'])
      if (!isText(policy[name])) throw new Error(`${name} is no text`);
    if (!isNumber(policy.version, 0xffffffff)) throw new Error('version is no number');
    return {
      PolicyId: policy.policyId,
      LastStatusDateTime: '2026-01-05T09:00:00+00:00',
      Details: (policy.policySettings as Members[]).map((setting) => {
        if (!has(setting, 'cspPath', 'cspPathId', 'ruleId', 'settingDefinitionItemId', 'value')) throw new Error(JSON.stringify(setting));
        return {
          RuleId: setting.ruleId,
          SettingDefinitionItemId: setting.settingDefinitionItemId,
          ExpectedValue: setting.value,
          ActualValue: setting.value,
          NewComplianceState: state,
          OldComplianceState: 'Unknown',
        };
      }),
    };
  });
}

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE REQUEST-----\n`;

function worked(response: TestResponse): TestResponse {
  if (response.status < 200 || response.status > 299) throw new Error(`${response.status} ${response.text()}`);
  return response;
}
