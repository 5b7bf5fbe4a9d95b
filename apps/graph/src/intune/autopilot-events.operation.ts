import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice, DeploymentEvent, DeploymentProfile } from '@greenscreen/model/autopilot';
import { ManagedDevice } from '@greenscreen/model/intune';
import { graphDate, ZERO_GUID } from '@greenscreen/wire/graph';
import { type EntityManager, In } from 'typeorm';
import { dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';

export const eventResource = 'deviceManagement/autopilotEvents';

const fields = {
  id: guidField('row.id'),
  enrollmenttype: textField('row.enrollmentType'),
  deploymentstate: textField('row.deploymentState'),
  devicesetupstatus: textField('row.deviceSetupStatus'),
  accountsetupstatus: textField('row.accountSetupStatus'),
  deploymentstartdatetime: dateField('row.startedAt'),
  deploymentenddatetime: dateField('row.endedAt'),
  eventdatetime: dateField('row.startedAt'),
  deviceserialnumber: textField('(SELECT device.serial_number FROM autopilot_device device WHERE device.ztd_id = row.ztdId)'),
};

export async function listEvents(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: eventResource,
    rows: graph.em.createQueryBuilder(DeploymentEvent, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['startedAt', 'id'],
    encode: (rows) => encodeEvents(graph.em, rows),
  });
}

export async function getEvent(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant } = request;
  const event = isGuid(id) ? await graph.em.findOneBy(DeploymentEvent, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!event) throw new Fault('graph.ResourceNotFound', { id });
  const [entity = {}] = await encodeEvents(graph.em, [event]);
  return entityReply(request, `${eventResource}/$entity`, entity);
}

/** Graph `deviceManagementAutopilotEvent` (reference 01, 3.6); what Autopilot, Intune and the profile know of the device stands beside it. */
async function encodeEvents(em: EntityManager, events: readonly DeploymentEvent[]): Promise<Record<string, unknown>[]> {
  const ztdIds = [...new Set(events.map(({ ztdId }) => ztdId))];
  if (ztdIds.length === 0) return [];
  const devices = new Map((await em.findBy(AutopilotDevice, { ztdId: In(ztdIds) })).map((device) => [device.ztdId, device]));
  const managed = new Map((await em.findBy(ManagedDevice, { ztdId: In(ztdIds) })).map((device) => [device.ztdId, device]));
  const profileIds = [...devices.values()].flatMap(({ profileId }) => (profileId === null ? [] : [profileId]));
  const profiles = new Map((await em.findBy(DeploymentProfile, { id: In(profileIds) })).map((profile) => [profile.id, profile]));
  return events.map((event) => {
    const device = devices.get(event.ztdId);
    const profileName = device?.profileId ? (profiles.get(device.profileId)?.displayName ?? '') : '';
    return encodeEvent(event, device, managed.get(event.ztdId), profileName);
  });
}

function encodeEvent(
  event: DeploymentEvent,
  device: AutopilotDevice | undefined,
  managed: ManagedDevice | undefined,
  profileName: string,
): Record<string, unknown> {
  const total = duration(event.startedAt, event.endedAt);
  return {
    id: event.id,
    deviceId: managed?.id ?? device?.managedDeviceId ?? ZERO_GUID,
    eventDateTime: graphDate(event.startedAt),
    deviceRegisteredDateTime: graphDate(device?.createdAt ?? null),
    enrollmentStartDateTime: graphDate(managed?.enrolledDateTime ?? event.startedAt),
    enrollmentType: event.enrollmentType,
    deviceSerialNumber: device?.serialNumber ?? '',
    managedDeviceName: managed?.deviceName ?? '',
    userPrincipalName: managed?.userPrincipalName ?? '',
    windowsAutopilotDeploymentProfileDisplayName: profileName,
    enrollmentState: managed ? 'enrolled' : (device?.enrollmentState ?? 'unknown'),
    windows10EnrollmentCompletionPageConfigurationDisplayName: 'All users and all devices',
    windows10EnrollmentCompletionPageConfigurationId: null,
    deploymentState: event.deploymentState,
    deviceSetupStatus: event.deviceSetupStatus,
    accountSetupStatus: event.accountSetupStatus,
    osVersion: managed?.osVersion ?? '',
    deploymentDuration: total,
    deploymentTotalDuration: total,
    deviceSetupDuration: event.deviceSetupStatus === 'success' ? total : 'PT0S',
    accountSetupDuration: 'PT0S',
    devicePreparationDuration: 'PT0S',
    deploymentStartDateTime: graphDate(event.startedAt),
    deploymentEndDateTime: graphDate(event.endedAt),
    targetedAppCount: 0,
    targetedPolicyCount: 0,
    enrollmentFailureDetails: event.enrollmentFailureDetails,
  };
}

/** ISO 8601, whole seconds. */
function duration(start: Date, end: Date | null): string {
  const seconds = end === null ? 0 : Math.max(0, Math.round((end.getTime() - start.getTime()) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds % 60}S`;
}
