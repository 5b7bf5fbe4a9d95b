import { reply, type Reply } from '@greenscreen/host/reply';
import { ManagedDevice } from '@greenscreen/model/intune';
import { encodePortalDevices, type NoncompliantRule, type PortalComplianceState } from '@greenscreen/wire/company-portal';
import { type MdmServices } from '../mdm-services.js';
import { portalUser } from './portal-user.js';

/** The user's managed devices, and how to retire them (reference 04, 9). */
export async function listDevicesOperation(mdm: MdmServices, authorization: string | undefined, address: string): Promise<Reply> {
  const { user } = await portalUser(mdm, authorization);
  const devices = await mdm.em.find(ManagedDevice, {
    where: { tenantId: user.tenantId, userId: user.id },
    order: { enrolledDateTime: 'ASC' },
  });
  const value = devices.map((device) => ({
    key: device.id,
    aadId: device.entraDeviceId ?? '',
    officialName: device.deviceName,
    complianceState: stateOf(device),
    noncompliantRules: stateOf(device) === 'Noncompliant' ? [evaluation] : [],
    enrollmentType: device.enrollmentType,
    retire: `${address}/Devices(guid'${device.id}')/Retire`,
  }));
  return reply(200, 'application/json; charset=utf-8', encodePortalDevices(value));
}

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
