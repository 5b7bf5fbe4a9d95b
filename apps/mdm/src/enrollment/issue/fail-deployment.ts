import { type Fault, faultText } from '@greenscreen/host/faults';
import { AutopilotDevice, failDeployment, latestDeployment } from '@greenscreen/model/autopilot';
import { enrollmentFaults } from '../../mdm.errors.js';
import { type EnrollmentRequest } from './admission.js';

/** A refused enrollment ends the deployment of the device that asked, when it is a registered one (06 D-B35). */
export async function failDeploymentOf(
  { mdm, principal }: Partial<EnrollmentRequest> & Pick<EnrollmentRequest, 'mdm'>,
  refusal: Fault,
): Promise<void> {
  if (!principal || principal.user || principal.entraDeviceId === undefined) return;
  const { entraDeviceId, tenant } = principal;
  const device = await mdm.em.findOneBy(AutopilotDevice, { tenantId: tenant.id, entraDeviceId });
  const event = device && (await latestDeployment(mdm.em, device.ztdId));
  if (!event) return;
  const at = await mdm.clock.now(tenant.id);
  const entry = enrollmentFaults[refusal.code];
  const details = entry ? faultText(entry, refusal.detail) : refusal.code;
  await mdm.transaction((em) =>
    failDeployment(em, { id: event.id, ztdId: event.ztdId, globalDeviceId: event.globalDeviceId, at }, details),
  );
}
