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

/** `GET <IWService>/Devices` */
export const encodePortalDevices = (devices: readonly PortalDevice[]): string =>
  JSON.stringify({
    value: devices.map((device) => ({
      Key: device.key,
      AadId: device.aadId,
      OfficialName: device.officialName,
      ComplianceState: device.complianceState,
      NoncompliantRules: device.noncompliantRules.map(({ settingId, title, expectedValue, description }) => ({
        SettingID: settingId,
        Title: title,
        ...(expectedValue === undefined ? {} : { ExpectedValue: expectedValue }),
        Description: description,
      })),
      EnrollmentType: device.enrollmentType,
      '#CommonContainer.Retire': { target: device.retire },
    })),
  });

/** `GET <TokenRenewalService>` */
export const encodeRenewedToken = (token: string): string => JSON.stringify({ Result: { Token: token } });
