import { type EntityManager } from 'typeorm';
import { AutopilotDevice } from './autopilot-device.entity.js';
import { DeploymentEvent } from './deployment-event.entity.js';
import { DeploymentProfile } from './deployment-profile.entity.js';

/** What tells one deployment from another: a Retry has the same key, a Reset a new GlobalDeviceID (reference 06, D-B35). */
export interface DeploymentKey {
  readonly ztdId: string;
  /** GlobalDeviceID of the device ticket; of a user's enrollment, which shows none, its own id. */
  readonly globalDeviceId: string;
}

export interface DeploymentOpening extends DeploymentKey {
  /** Id of the row if it has to be made. */
  readonly id: string;
  readonly at: Date;
  /** As Graph has it; by the device's profile unless given. */
  readonly enrollmentType?: string;
}

/** The row of a deployment, opened `inProgress` when this is the first that is heard of it; null when the ZTD id is not registered. */
export async function openDeployment(
  em: EntityManager,
  { id, ztdId, globalDeviceId, at, enrollmentType }: DeploymentOpening,
): Promise<DeploymentEvent | null> {
  const device = await em.findOneBy(AutopilotDevice, { ztdId });
  if (!device) return null;
  await em
    .createQueryBuilder()
    .insert()
    .into(DeploymentEvent)
    .values({
      id,
      tenantId: device.tenantId,
      ztdId,
      globalDeviceId,
      deploymentState: 'inProgress',
      enrollmentType: enrollmentType ?? (await enrollmentTypeOf(em, device)),
      startedAt: at,
    })
    .orIgnore()
    .execute();
  return em.findOneBy(DeploymentEvent, { ztdId, globalDeviceId });
}

/** Marks a deployment as failed, opening its row if need be. What has already ended stays as it is. */
export async function failDeployment(em: EntityManager, opening: DeploymentOpening, details: string): Promise<void> {
  const event = await openDeployment(em, opening);
  if (event?.deploymentState !== 'inProgress') return;
  await em.update(
    DeploymentEvent,
    { id: event.id },
    { deploymentState: 'failure', enrollmentFailureDetails: details, endedAt: opening.at },
  );
}

/** Marks a deployment as succeeded: its device reported so. A failed one stays failed (06 D-B35). */
export async function succeedDeployment(em: EntityManager, id: string, at: Date): Promise<void> {
  await em.update(DeploymentEvent, { id, deploymentState: 'inProgress' }, { deploymentState: 'success', endedAt: at });
}

/** The deployment of a device that was opened last, for services that do not see its ticket. */
export function latestDeployment(em: EntityManager, ztdId: string): Promise<DeploymentEvent | null> {
  return em.findOne(DeploymentEvent, { where: { ztdId }, order: { startedAt: 'DESC' } });
}

/** reference 01, 3.6: self-deploying profiles are type 3, the others count as pre-provisioning, type 6 (06, D-B35). */
async function enrollmentTypeOf(em: EntityManager, { profileId }: AutopilotDevice): Promise<string> {
  const profile = profileId && (await em.findOneBy(DeploymentProfile, { id: profileId }));
  return profile && profile.outOfBoxExperience.deviceUsageType === 'shared'
    ? 'azureADJoinedUsingDeviceAuthWithAutopilotProfile'
    : 'azureADJoinedWithWhiteGlove';
}
