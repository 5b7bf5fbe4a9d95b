/** API version that public clients ask for; not looked at (reference 04, 9). */
export const IW_API_VERSION = '16.4';

export const portalComplianceStates = ['Compliant', 'Noncompliant', 'Unknown'] as const;
export type PortalComplianceState = (typeof portalComplianceStates)[number];

/** Why a device is not compliant. */
export interface NoncompliantRule {
  readonly settingId: string;
  readonly title: string;
  readonly expectedValue?: string | undefined;
  readonly description: string;
}

/** A device as IWService lists it for its user (reference 04, 9). */
export interface PortalDevice {
  /** Intune device id. */
  readonly key: string;
  /** Entra device id; '' for a device that Entra does not know. */
  readonly aadId: string;
  readonly officialName: string;
  readonly complianceState: PortalComplianceState;
  readonly noncompliantRules: readonly NoncompliantRule[];
  /** Intune's internal number. */
  readonly enrollmentType: number;
  /** Where to POST to retire it; clients append their query to it, so it has none. */
  readonly retire: string;
}

const encodeRule = ({ settingId, title, expectedValue, description }: NoncompliantRule) => ({
  SettingID: settingId,
  Title: title,
  ...(expectedValue === undefined ? {} : { ExpectedValue: expectedValue }),
  Description: description,
});

/** `GET <IWService>/Devices` */
export const encodePortalDevices = (devices: readonly PortalDevice[]): string =>
  JSON.stringify({
    value: devices.map((device) => ({
      Key: device.key,
      AadId: device.aadId,
      OfficialName: device.officialName,
      ComplianceState: device.complianceState,
      NoncompliantRules: device.noncompliantRules.map(encodeRule),
      EnrollmentType: device.enrollmentType,
      '#CommonContainer.Retire': { target: device.retire },
    })),
  });

/** More of a device, for whoever asks for it alone. */
export interface PortalDeviceState extends PortalDevice {
  readonly manufacturer: string;
  readonly model: string;
  /** `Windows`, `Linux` */
  readonly operatingSystem: string;
  readonly osVersion: string;
  readonly corporate: boolean;
  /** Whether the directory object says that it is managed, and compliant. */
  readonly managed: boolean;
  readonly compliant: boolean;
  readonly createdAt: Date;
  readonly lastContactAt: Date;
}

/** What can be done with a device; of these only Retire is served. */
const portalActions = [
  'CheckCompliance',
  'GetManagementState',
  'RegisterForAppPushNotifications',
  'RemoveSignedDeviceIdPolicyAssignment',
  'SetHeartBeat',
  'SetOptIn',
  'SetRD',
  'UpdateAadId',
] as const;

const ZERO_GUID = '00000000-0000-0000-0000-000000000000';
const NEVER = '0001-01-01T00:00:00';

/**
 * `GET <IWService>/Devices(guid'…')`: a client of Linux refuses an answer in which one of these members is missing or of another type; what
 * nobody here knows has a value that says nothing (himmelblau-idm/libhimmelblau `src/intune.rs`).
 */
export function encodePortalDeviceState(device: PortalDeviceState, address: string): string {
  const id = `${address}/Devices(guid'${device.key}')`;
  const action = (name: string) => ({ target: `${id}/${name}`, title: name });
  return JSON.stringify({
    'odata.metadata': `${address}/$metadata#Devices/@Element`,
    'odata.id': id,
    ...Object.fromEntries(portalActions.map((name) => [`#CommonContainer.${name}`, action(name)])),
    '#CommonContainer.Retire': { target: device.retire, title: 'Retire' },
    Key: device.key,
    AadId: device.aadId,
    OfficialName: device.officialName,
    Nickname: null,
    Manufacturer: device.manufacturer,
    Model: device.model,
    ChassisType: 'Unknown',
    OperatingSystem: device.operatingSystem,
    OperatingSystemId: ZERO_GUID,
    OSSubtype: 'None',
    OSVersion: device.osVersion,
    EnrollmentType: device.enrollmentType,
    OwnerType: device.corporate ? 1 : 2,
    ManagementAgent: 'Mdm',
    ManagementType: 'Mdm',
    ComplianceState: device.complianceState,
    NoncompliantRules: device.noncompliantRules.map(encodeRule),
    InGracePeriodUntilDateTimeUtc: NEVER,
    IsCompliantInGraph: device.compliant,
    IsManagedInGraph: device.managed,
    CreatedDate: device.createdAt.toISOString(),
    LastContact: device.lastContactAt.toISOString(),
    LastContactNotification: NEVER,
    CategorySetByEndUser: false,
    CoManagementFeatures: 0,
    DeviceActions: [],
    EasId: '',
    ExchangeActivationItemEasId: '',
    ExchangeActivationItems: [],
    IsExchangeActivated: false,
    IsPartnerManaged: false,
    IsReadOnly: false,
    IsSharedDevice: false,
    SupervisedStatus: 0,
    UdaStatus: 0,
    UserApprovedEnrollment: 0,
  });
}

/** `GET <TokenRenewalService>` */
export const encodeRenewedToken = (token: string): string => JSON.stringify({ Result: { Token: token } });
