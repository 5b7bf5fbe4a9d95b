import { alternativeSecurityKey, type DeviceCertificate, type EntraDevice } from '@greenscreen/model/directory';
import { graphDate } from '@greenscreen/wire/graph';

/** Dates of the directory are null when there is none. */
const dateOrNull = (at: Date | null): string | null => (at === null ? null : graphDate(at));

/** Graph `device` (reference 02, 15.1; 06 D-A41 to D-A43), with the certificate that is bound to it. */
export function encodeDevice(device: EntraDevice, certificate: DeviceCertificate | undefined): Record<string, unknown> {
  return {
    id: device.objectId,
    deletedDateTime: null,
    accountEnabled: device.accountEnabled,
    approximateLastSignInDateTime: dateOrNull(device.approximateLastSignInDateTime),
    complianceExpirationDateTime: null,
    createdDateTime: graphDate(device.createdAt),
    deviceCategory: null,
    deviceId: device.deviceId,
    deviceMetadata: null,
    deviceOwnership: device.isManaged ? 'Company' : null,
    deviceVersion: 2,
    displayName: device.displayName,
    domainName: null,
    enrollmentProfileName: device.enrollmentProfileName,
    enrollmentType: null,
    externalSourceName: null,
    isCompliant: device.isCompliant,
    isManaged: device.isManaged,
    isRooted: null,
    managementType: device.isManaged ? 'MDM' : null,
    manufacturer: null,
    mdmAppId: device.mdmAppId,
    model: null,
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: device.trustType === 'ServerAd' ? true : null,
    operatingSystem: device.operatingSystem,
    operatingSystemVersion: device.operatingSystemVersion,
    physicalIds: device.physicalIds,
    profileType: device.profileType,
    registrationDateTime: dateOrNull(device.registrationDateTime),
    sourceType: null,
    systemLabels: [],
    trustType: device.trustType,
    extensionAttributes: null,
    alternativeSecurityIds: certificate ? [{ type: 2, identityProvider: null, key: alternativeSecurityKey(certificate) }] : [],
  };
}
