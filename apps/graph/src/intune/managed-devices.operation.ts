import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { ManagedDevice } from '@greenscreen/model/intune';
import { deleteManagedDevice } from '@greenscreen/model/mdm-enrollment';
import { type DeviceAction, queueDeviceAction } from '@greenscreen/model/mdm-session';
import { type EntityManager, In } from 'typeorm';
import { graphEmpty } from '../graph-reply.js';
import { booleanField, dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { encodeManagedDevice, managedDeviceResource } from './managed-device.json.js';

const fields = {
  id: guidField('row.id'),
  devicename: textField('row.deviceName'),
  serialnumber: textField('row.serialNumber'),
  azureaddeviceid: guidField('row.entraDeviceId'),
  azureactivedirectorydeviceid: guidField('row.entraDeviceId'),
  userprincipalname: textField('row.userPrincipalName'),
  userid: guidField('row.userId'),
  operatingsystem: textField('row.operatingSystem'),
  osversion: textField('row.osVersion'),
  compliancestate: textField('row.complianceState'),
  managementstate: textField('row.managementState'),
  managementagent: textField('row.managementAgent'),
  manageddeviceownertype: textField('row.managedDeviceOwnerType'),
  manufacturer: textField('row.manufacturer'),
  model: textField('row.model'),
  autopilotenrolled: booleanField('row.autopilotEnrolled'),
  enrolleddatetime: dateField('row.enrolledDateTime'),
  lastsyncdatetime: dateField('row.lastSyncDateTime'),
};

export async function listManagedDevices(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: managedDeviceResource,
    rows: graph.em.createQueryBuilder(ManagedDevice, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['enrolledDateTime', 'id'],
    encode: (rows) => withTags(graph.em, rows),
  });
}

export async function getManagedDevice(request: GraphRequest, id: string): Promise<Reply> {
  const { em } = request.graph;
  const [entity = {}] = await withTags(em, [await findManagedDevice(request, em, id)]);
  return entityReply(request, `${managedDeviceResource}/$entity`, entity);
}

async function withTags(em: EntityManager, devices: readonly ManagedDevice[]): Promise<Record<string, unknown>[]> {
  const ztdIds = devices.flatMap(({ ztdId }) => (ztdId === null ? [] : [ztdId]));
  const registrations =
    ztdIds.length > 0 ? await em.find(AutopilotDevice, { where: { ztdId: In(ztdIds) }, select: { ztdId: true, groupTag: true } }) : [];
  const tags = new Map(registrations.map(({ ztdId, groupTag }) => [ztdId, groupTag]));
  return devices.map((device) => encodeManagedDevice(device, (device.ztdId && tags.get(device.ztdId)) ?? ''));
}

/** Retires the enrollment; a device that enrolled itself may do so again (reference 01, 7.3; 06 D-B21, D-B24). */
export async function removeManagedDevice(request: GraphRequest, id: string): Promise<Reply> {
  await request.graph.transaction(async (em) => {
    const device = await findManagedDevice(request, em, id);
    await deleteManagedDevice(em, device.id, request.now);
  });
  return graphEmpty();
}

/**
 * An action waits for the device's next session; one that is no longer enrolled never comes. A wipe does not clear the one-time limit
 * (06 D-B21). `syncDevice` is taken and does nothing: the device comes when it comes.
 */
export async function actOnDevice(request: GraphRequest, id: string, action: DeviceAction | 'syncDevice'): Promise<Reply> {
  await request.graph.transaction(async (em) => {
    const device = await findManagedDevice(request, em, id);
    if (action !== 'syncDevice') await queueDeviceAction(em, device.id, action, request.now);
  });
  return graphEmpty();
}

async function findManagedDevice({ tenant, exchange }: GraphRequest, em: EntityManager, id: string): Promise<ManagedDevice> {
  const device = isGuid(id) ? await em.findOneBy(ManagedDevice, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!device) throw new Fault('graph.ResourceNotFound', { id });
  exchange.serial = device.serialNumber;
  return device;
}
