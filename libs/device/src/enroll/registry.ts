import { type DeviceContext, type Registry } from '../context/index.js';

/** `EnrollmentType`: 6 an MDM enrollment through Entra, 1 one by hand, 26 the Entra entry (reference 04, section 8). */
const MDM_THROUGH_ENTRA = 6;
const MDM_BY_HAND = 1;
/** `EnrollmentState`: 1 is enrolled. */
const ENROLLED = 1;
const ENROLLMENTS = 'HKLM\\SOFTWARE\\Microsoft\\Enrollments';
const enrollmentKey = (id: string): string => `${ENROLLMENTS}\\{${id.toUpperCase()}}`;
/** The installation's DM id survives enrollments. */
const DEVICE_ID_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\OMADM\\MDMDeviceID';
const DEVICE_ID_VALUE = 'DeviceClientId';
/** SYSTEM: the account belongs to the machine. */
const MACHINE_SID = 'S-1-5-18';

export interface EnrollmentValues {
  readonly enrollmentId: string;
  readonly throughEntra: boolean;
  readonly providerId: string;
  readonly upn: string;
  readonly discoveryUrl: string;
  readonly federated: boolean;
  readonly keyContainer: string;
  readonly certificateThumbprint: string;
  readonly rootThumbprint: string;
  readonly resource: string;
  readonly tenantId: string;
  readonly renewal: { readonly robo: boolean; readonly renewPeriod: number };
  readonly sid?: string;
}

/** Values of an MDM enrollment's key (reference 04, section 8; 05, T14). */
export function writeEnrollment(registry: Registry, values: EnrollmentValues): void {
  const key = enrollmentKey(values.enrollmentId);
  const entries: Readonly<Record<string, string | number>> = {
    EnrollmentType: values.throughEntra ? MDM_THROUGH_ENTRA : MDM_BY_HAND,
    EnrollmentState: ENROLLED,
    EnrollmentFlags: 0,
    ProviderID: values.providerId,
    UPN: values.upn,
    SID: values.sid ?? MACHINE_SID,
    DiscoveryServiceFullURL: values.discoveryUrl,
    IsFederated: values.federated ? 1 : 0,
    AADResourceID: values.resource,
    AADTenantID: values.tenantId,
    CurCryptoProvider: 'Microsoft Software Key Storage Provider',
    CurKeyContainer: values.keyContainer,
    DMPCertThumbPrint: values.certificateThumbprint,
    RootCertThumbPrint: values.rootThumbprint,
    RenewalPeriod: values.renewal.renewPeriod,
    RenewROBOSupport: values.renewal.robo ? 1 : 0,
    RenewStatus: 0,
    RenewErrorCode: 0,
    RenewTimestamp: '',
  };
  for (const [name, value] of Object.entries(entries)) registry.set(key, name, value);
}

/** What the last fault said (reference 04, 3.7 step 3 [win-static]). */
export function writeLastFault(registry: Registry, enrollmentId: string, traceId: string, context: string | undefined): void {
  const key = enrollmentKey(enrollmentId);
  registry.set(key, 'LastSoapErrorTraceId', traceId);
  if (context !== undefined) registry.set(key, 'LifecycleNotificationErrorContext', context);
}

/** The id in braces of the MDM enrollment that this device has, if any. */
export function existingEnrollment(registry: Registry): string | undefined {
  return registry.subkeys(ENROLLMENTS).find((name) => {
    const key = `${ENROLLMENTS}\\${name}`;
    const type = registry.get(key, 'EnrollmentType');
    return (type === MDM_THROUGH_ENTRA || type === MDM_BY_HAND) && registry.get(key, 'EnrollmentState') === ENROLLED;
  });
}

/** The installation's DM device id, made when it is asked for first. */
export function dmDeviceId(registry: Registry, random: { bytes(length: number): Buffer }): string {
  const known = registry.get(DEVICE_ID_KEY, DEVICE_ID_VALUE);
  if (typeof known === 'string') return known;
  const made = random.bytes(16).toString('hex').toUpperCase();
  registry.set(DEVICE_ID_KEY, DEVICE_ID_VALUE, made);
  return made;
}

/** Everything that Windows had of its own is gone; the DM device id, which follows the hardware, stays (06, D-B25). */
export function forgetInstallation({ registry, stores, files }: Pick<DeviceContext, 'registry' | 'stores' | 'files'>): void {
  const deviceId = registry.get(DEVICE_ID_KEY, DEVICE_ID_VALUE);
  registry.clear();
  stores.clear();
  files.clear();
  if (deviceId !== undefined) registry.set(DEVICE_ID_KEY, DEVICE_ID_VALUE, deviceId);
}

/** The key of an earlier enrollment that nobody removed (reference 05, 78). */
export function leaveOldEnrollment(registry: Registry, enrollmentId: string): void {
  const key = enrollmentKey(enrollmentId);
  registry.set(key, 'EnrollmentType', MDM_THROUGH_ENTRA);
  registry.set(key, 'EnrollmentState', ENROLLED);
  registry.set(key, 'ProviderID', 'MS DM Server');
}
