import { DeploymentEvent, failDeployment, latestDeployment, succeedDeployment } from '@greenscreen/model/autopilot';
import { type MdmEnrollmentEvent, retireManagedDevice } from '@greenscreen/model/mdm-enrollment';
import { type SessionWork } from '../session/session-work.js';

type Effect = (work: SessionWork) => Promise<void>;

/** What an event of an enrollment does to other records (06 D-B24, D-B35, D-B46). */
export const effects: Readonly<Partial<Record<MdmEnrollmentEvent, Effect>>> = {
  deviceProvisioned: async (work) => {
    work.progress.provisionedAt = work.now;
    const event = await deploymentOf(work);
    if (!event) return;
    await work.em.update(DeploymentEvent, { id: event.id }, { deviceSetupStatus: 'success' });
    await succeedDeployment(work.em, event.id, work.now);
  },
  deviceFailed: async (work) => {
    const event = await deploymentOf(work);
    if (!event) return;
    const { id, ztdId, globalDeviceId } = event;
    await work.em.update(DeploymentEvent, { id }, { deviceSetupStatus: 'failure' });
    await failDeployment(
      work.em,
      { id, ztdId, globalDeviceId, at: work.now },
      `Provisioning failed on the device (${work.enrollment.failedPhase ?? 'unknown phase'})`,
    );
  },
  userFinished: async (work) => {
    const event = await deploymentOf(work);
    if (event) await work.em.update(DeploymentEvent, { id: event.id }, { accountSetupStatus: 'success' });
  },
  retired: async ({ em, enrollment, now }) => {
    await retireManagedDevice(em, enrollment.id, now);
  },
};

const deploymentOf = async ({ em, enrollment }: SessionWork): Promise<DeploymentEvent | null> =>
  enrollment.ztdId === null ? null : latestDeployment(em, enrollment.ztdId);
