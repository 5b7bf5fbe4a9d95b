import { type ManagedDevice } from '@greenscreen/model/intune';
import { type NoncompliantRule, type PortalComplianceState, type PortalDevice } from '@greenscreen/wire/company-portal';

/** A managed device as the portal shows it; `address` is the service's own. */
export const portalDevice = (device: ManagedDevice, address: string): PortalDevice => ({
  key: device.id,
  aadId: device.entraDeviceId ?? '',
  officialName: device.deviceName,
  complianceState: stateOf(device),
  noncompliantRules: stateOf(device) === 'Noncompliant' ? [evaluation] : [],
  enrollmentType: device.enrollmentType,
  retire: `${address}/Devices(guid'${device.id}')/Retire`,
});

const states: Readonly<Partial<Record<ManagedDevice['complianceState'], PortalComplianceState>>> = {
  compliant: 'Compliant',
  inGracePeriod: 'Compliant',
  unknown: 'Unknown',
};

const stateOf = ({ complianceState }: ManagedDevice): PortalComplianceState => states[complianceState] ?? 'Noncompliant';

/** A tenant here has one rule: its devices are compliant after so many sessions, or they are not (06 D-B30) [our choice]. */
const evaluation: NoncompliantRule = {
  settingId: 'DeviceComplianceEvaluation',
  title: 'Device compliance',
  description: 'The device does not meet the compliance policy of its organization.',
};
