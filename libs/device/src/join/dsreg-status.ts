import { joinTypes } from '@greenscreen/wire/drs';
import { type PrimaryRefreshToken } from '../token/index.js';
import { type DeviceContext } from '../context/index.js';
import { type Registration } from './registration.js';
import { certificateValidity } from './registration-store.js';

/** What `dsregcmd /status` shows beside the registration. */
export interface DsregExtra {
  readonly computerName?: string | undefined;
  readonly prt?: Pick<PrimaryRefreshToken, 'expiresAt'> | undefined;
  readonly helloKeyId?: string | undefined;
  readonly mdm?: { readonly enrollmentUrl: string; readonly termsOfUseUrl?: string; readonly complianceUrl?: string } | undefined;
}

const yesNo = (value: boolean): string => (value ? 'YES' : 'NO');
const given = (name: string, value: string | undefined): Record<string, string> => (value === undefined ? {} : { [name]: value });

/**
 * Fields of `dsregcmd /status`, in its order (reference 05, A.7 local state). What is not there on a device that has not joined is not there
 * here either.
 */
export function dsregStatus(
  { clock }: Pick<DeviceContext, 'clock'>,
  registration: Registration | undefined,
  extra: DsregExtra = {},
): Record<string, string> {
  const registered = registration?.joinType === joinTypes.register;
  return {
    AzureAdJoined: yesNo(registration !== undefined && !registered),
    EnterpriseJoined: 'NO',
    DomainJoined: 'NO',
    ...given('Device Name', extra.computerName),
    ...(registration && !registered ? { ...deviceDetails(registration), ...tenantDetails(registration, extra) } : {}),
    NgcSet: yesNo(extra.helloKeyId !== undefined),
    ...given('NgcKeyId', extra.helloKeyId && `{${extra.helloKeyId.toUpperCase()}}`),
    WorkplaceJoined: yesNo(registered),
    WamDefaultSet: yesNo(extra.prt !== undefined),
    AzureAdPrt: yesNo(!registered && extra.prt !== undefined && extra.prt.expiresAt > clock.now()),
    ...given('AzureAdPrtExpiryTime', registered ? undefined : extra.prt && utc(extra.prt.expiresAt)),
    EnterprisePrt: 'NO',
    ...(registration && registered ? workAccount(registration) : {}),
  };
}

const deviceDetails = (registration: Registration): Record<string, string> => ({
  DeviceId: registration.deviceId,
  Thumbprint: registration.certificate.thumbprint,
  ...keyDetails(registration),
  DeviceAuthStatus: 'SUCCESS',
});

const keyDetails = ({ certificate, keys }: Registration): Record<string, string> => ({
  DeviceCertificateValidity: certificateValidity(certificate),
  KeyContainerId: keys.device.handle.toString(16).padStart(8, '0'),
  KeyProvider: 'Microsoft Platform Crypto Provider',
  TpmProtected: 'YES',
});

/** A registered device is the account's, not the PC's; the account's own PRT is not one of the sign-in to Windows. */
const workAccount = (registration: Registration): Record<string, string> => ({
  WorkplaceDeviceId: registration.deviceId,
  WorkplaceThumbprint: registration.certificate.thumbprint,
  ...keyDetails(registration),
  WorkplaceIdp: 'login.windows.net',
  WorkplaceTenantId: registration.tenantId,
  WorkplaceTenantName: registration.service.tenantName ?? registration.domain,
});

function tenantDetails({ service, tenantId, domain, userEmail }: Registration, { mdm }: DsregExtra): Record<string, string> {
  return {
    TenantName: service.tenantName ?? domain,
    TenantId: tenantId,
    UserEmail: userEmail,
    AuthCodeUrl: service.authorizationEndpoint,
    AccessTokenUrl: service.tokenEndpoint,
    ...given('MdmUrl', mdm?.enrollmentUrl),
    ...given('MdmTouUrl', mdm?.termsOfUseUrl),
    ...given('MdmComplianceUrl', mdm?.complianceUrl),
    JoinSrvVersion: service.joinServiceVersion,
    JoinSrvUrl: service.joinEndpoint,
    JoinSrvId: service.joinResourceId,
    KeySrvVersion: service.keyServiceVersion,
    KeySrvUrl: service.keyEndpoint,
    KeySrvId: service.keyResourceId,
  };
}

const utc = (time: Date): string => time.toISOString().replace('T', ' ').replace('Z', ' UTC');

/** Headings in front of the fields that begin a group. */
const headings: Readonly<Record<string, string>> = {
  AzureAdJoined: 'Device State',
  DeviceId: 'Device Details',
  TenantName: 'Tenant Details',
  NgcSet: 'User State',
  AzureAdPrt: 'SSO State',
  WorkplaceDeviceId: 'Work Account 1',
};
const RULE_WIDTH = 70;
const LABEL_WIDTH = 26;

/** The text of `dsregcmd /status`. */
export function renderDsregStatus(status: Readonly<Record<string, string>>): string {
  const rule = `+${'-'.repeat(RULE_WIDTH)}+`;
  const heading = (title: string): string[] => ['', rule, `| ${title.padEnd(RULE_WIDTH - 2)} |`, rule, ''];
  const lines = Object.entries(status).flatMap(([name, value]) => {
    const title = headings[name];
    return [...(title === undefined ? [] : heading(title)), `${name.padStart(LABEL_WIDTH)} : ${value}`];
  });
  return [...lines.slice(1), ''].join('\n');
}
