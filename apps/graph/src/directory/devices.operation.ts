import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments, AutopilotDevice } from '@greenscreen/model/autopilot';
import {
  deleteDevice,
  DeviceCertificate,
  DeviceUser,
  EntraDevice,
  setDeviceEnabled,
  ztdIdEntry,
  ztdIdOf,
} from '@greenscreen/model/directory';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { booleanField, dateField, guidField, textField, textsField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { encodeDevice } from './device.json.js';
import { encodeUser } from './user.json.js';

/** A registration's entry is stored in one spelling; the others compare without regard to case. */
function storedPhysicalId(value: string): string | undefined {
  const ztdId = /^\[ZTDID\]:(.*)$/i.exec(value)?.[1];
  return ztdId !== undefined && isGuid(ztdId) ? ztdIdEntry(ztdId) : undefined;
}

const fields = {
  id: guidField('row.objectId'),
  deviceid: guidField('row.deviceId'),
  displayname: textField('row.displayName'),
  accountenabled: booleanField('row.accountEnabled'),
  operatingsystem: textField('row.operatingSystem'),
  operatingsystemversion: textField('row.operatingSystemVersion'),
  trusttype: textField('row.trustType'),
  profiletype: textField('row.profileType'),
  physicalids: textsField('row.physicalIds', storedPhysicalId),
  enrollmentprofilename: textField('row.enrollmentProfileName'),
  ismanaged: booleanField('row.isManaged'),
  iscompliant: booleanField('row.isCompliant'),
  mdmappid: guidField('row.mdmAppId'),
  registrationdatetime: dateField('row.registrationDateTime'),
  approximatelastsignindatetime: dateField('row.approximateLastSignInDateTime'),
  createddatetime: dateField('row.createdAt'),
};

export async function listDevices(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'devices',
    rows: graph.em
      .createQueryBuilder(EntraDevice, 'row')
      .where('row.tenantId = :tenantId AND row.state <> :deleted', { tenantId: tenant.id, deleted: 'deleted' }),
    fields,
    order: ['createdAt', 'objectId'],
    encode: (rows) => encodeDevices(graph.em, rows),
  });
}

export async function encodeDevices(em: EntityManager, devices: readonly EntraDevice[]): Promise<Record<string, unknown>[]> {
  const ids = devices.map(({ objectId }) => objectId);
  const certificates = ids.length > 0 ? await em.findBy(DeviceCertificate, { objectId: In(ids), replacedAt: IsNull() }) : [];
  const byObject = new Map(certificates.map((certificate) => [certificate.objectId, certificate]));
  return devices.map((device) => encodeDevice(device, byObject.get(device.objectId)));
}

export async function getDevice(request: GraphRequest, key: string): Promise<Reply> {
  const device = await findDevice(request, request.graph.em, key);
  const [entity = {}] = await encodeDevices(request.graph.em, [device]);
  return entityReply(request, 'devices/$entity', entity);
}

/** Owners or users of a device object. */
export async function listDeviceUsers(request: GraphRequest, key: string, relation: DeviceUser['relation']): Promise<Reply> {
  const { em } = request.graph;
  const device = await findDevice(request, em, key);
  const links = await em.findBy(DeviceUser, { objectId: device.objectId, relation });
  const users = links.length > 0 ? await em.findBy(DirectoryUser, { id: In(links.map(({ userId }) => userId)) }) : [];
  const value = users.map((user) => ({ '@odata.type': '#microsoft.graph.user', ...encodeUser(user) }));
  return graphJson(200, { '@odata.context': request.context('directoryObjects'), value });
}

const deviceBody = z.object({ accountEnabled: z.boolean().optional() });

/** An administrator enables or disables a device; other members are the device's own and stay. */
export async function updateDevice(request: GraphRequest, key: string): Promise<Reply> {
  const { accountEnabled } = readBody(deviceBody);
  await request.graph.transaction(async (em) => {
    const device = await findDevice(request, em, key, true);
    if (accountEnabled !== undefined) await setDeviceEnabled(em, device, accountEnabled, request.change());
  });
  return graphEmpty();
}

/**
 * Deletes a device object. One that a registration stands on may go, too: the registration keeps its dead id, and the next userless join
 * ends in 0x801c03f3 (reference 01, 7.3; 06 D-A36).
 */
export async function removeDevice(request: GraphRequest, key: string): Promise<Reply> {
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const device = await findDevice(request, em, key, true);
    const ztdId = ztdIdOf(device);
    const registered = ztdId !== undefined && isGuid(ztdId) && (await em.existsBy(AutopilotDevice, { ztdId, tenantId: tenant.id }));
    if (registered && request.switch('blockAutopilotDeviceDelete', false)) throw new Fault('graph.DeviceIsAutopilotRegistered');
    await deleteDevice(em, device, request.change());
    if (registered && ztdId !== undefined) await applyAssignments(em, tenant.id, now, [ztdId]);
  });
  return graphEmpty();
}

/** By object id, or `deviceId=<guid>`. */
export async function findDevice({ tenant }: GraphRequest, em: EntityManager, key: string, lock = false): Promise<EntraDevice> {
  const [, name, id = ''] = /^(?:(deviceid)=)?(.*)$/i.exec(key) ?? [];
  const column = name === undefined ? { objectId: id.toLowerCase() } : { deviceId: id.toLowerCase() };
  const where = { ...column, tenantId: tenant.id, state: Not('deleted' as const) };
  const held = lock ? ({ lock: { mode: 'pessimistic_write' } } as const) : {};
  const device = isGuid(id) ? await em.findOne(EntraDevice, { where, ...held }) : null;
  if (!device) throw new Fault('graph.ResourceNotFound', { id: key });
  return device;
}
