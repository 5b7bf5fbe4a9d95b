import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice, deleteDueRegistrations, DeploymentProfile, dueDeletions, settleAssignments } from '@greenscreen/model/autopilot';
import { ZERO_GUID } from '@greenscreen/wire/graph';
import { type EntityManager, In, LessThanOrEqual, type SelectQueryBuilder } from 'typeorm';
import { dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { encodeProfile } from '../profiles/profile.json.js';
import { type GraphRequest } from '../request/graph-request.js';
import { intuneChange } from '../request/intune-change.js';
import { isGuid } from '../request/path-keys.js';
import { encodeIdentity, identityResource } from './identity.json.js';

const orZero = (column: string): string => `COALESCE(${column}, '${ZERO_GUID}')`;

const fields = {
  id: guidField('row.ztdId'),
  grouptag: textField('row.groupTag'),
  purchaseorderidentifier: textField('row.purchaseOrderIdentifier'),
  serialnumber: textField('row.serialNumber'),
  productkey: textField('row.productKey'),
  manufacturer: textField('row.manufacturer'),
  model: textField('row.model'),
  enrollmentstate: textField('row.enrollmentState'),
  lastcontacteddatetime: dateField('row.lastContactedAt'),
  addressableusername: textField('row.addressableUserName'),
  userprincipalname: textField('row.userPrincipalName'),
  skunumber: textField('row.skuNumber'),
  systemfamily: textField('row.systemFamily'),
  azureactivedirectorydeviceid: guidField(orZero('row.entraDeviceId')),
  azureaddeviceid: guidField(orZero('row.entraDeviceId')),
  manageddeviceid: guidField(orZero('row.managedDeviceId')),
  displayname: textField('row.displayName'),
  deploymentprofileassignmentstatus: textField('row.assignmentStatus'),
  deploymentprofileassigneddatetime: dateField('row.assignedAt'),
  remediationstate: textField('row.remediationState'),
  userlessenrollmentstatus: textField('row.userlessEnrollmentStatus'),
};

/** How long a new registration stays out of sight (switch `graph.importSyncDelayMs`; reference 01, 3.2 step 6). */
const visibleUntil = (request: GraphRequest): Date => new Date(request.now.getTime() - request.switch('importSyncDelayMs', 0));

/** The registrations of the caller's tenant, without the hash, which no answer shows. */
export function identityRows(request: GraphRequest): SelectQueryBuilder<AutopilotDevice> {
  const { em } = request.graph;
  const columns = em.connection.getMetadata(AutopilotDevice).columns.map(({ propertyName }) => propertyName);
  return em
    .createQueryBuilder(AutopilotDevice, 'row')
    .select(columns.filter((name) => name !== 'hardwareHash').map((name) => `row.${name}`))
    .where('row.tenantId = :tenantId', { tenantId: request.tenant.id })
    .andWhere('row.createdAt <= :visibleUntil', { visibleUntil: visibleUntil(request) });
}

export async function listIdentities(request: GraphRequest, rows = identityRows(request), resource = identityResource): Promise<Reply> {
  await settle(request);
  return listPage(request, { resource, rows, fields, order: ['createdAt', 'ztdId'], encode: (page) => encodeWithProfiles(request, page) });
}

export async function getIdentity(request: GraphRequest, id: string): Promise<Reply> {
  await settle(request);
  const [entity = {}] = await encodeWithProfiles(request, [await findIdentity(request, request.graph.em, id)]);
  return entityReply(request, `${identityResource}/$entity`, entity);
}

/** Lets what has been put off take effect before anybody looks. */
async function settle(request: GraphRequest): Promise<void> {
  const { graph, tenant, now } = request;
  await settleAssignments(graph.em, tenant.id, now);
  if (await graph.em.existsBy(AutopilotDevice, dueDeletions(tenant.id, now)))
    await graph.transaction((em) =>
      deleteDueRegistrations(em, tenant.id, request.now, (ztdId) => intuneChange(graph.random, request.now, ztdId)),
    );
}

/** A registration of the caller's tenant; others do not exist for him. `lock` holds it until the transaction ends. */
export async function findIdentity(request: GraphRequest, em: EntityManager, id: string, lock = false): Promise<AutopilotDevice> {
  const where = { ztdId: id.toLowerCase(), tenantId: request.tenant.id, createdAt: LessThanOrEqual(visibleUntil(request)) };
  const held = lock ? ({ lock: { mode: 'pessimistic_write' } } as const) : {};
  const device = isGuid(id) ? await em.findOne(AutopilotDevice, { where, ...held }) : null;
  if (!device) throw new Fault('graph.ResourceNotFound', { id });
  request.exchange.serial = device.serialNumber;
  return device;
}

/** With `$expand`, both profile relations are there even when they are empty (01-25). */
async function encodeWithProfiles(request: GraphRequest, devices: readonly AutopilotDevice[]): Promise<Record<string, unknown>[]> {
  const { version, query, graph } = request;
  const wanted = version === 'beta' ? query.expand : [];
  const current = wanted.includes('deploymentprofile');
  const intended = wanted.includes('intendeddeploymentprofile');
  if (!current && !intended) return devices.map((device) => encodeIdentity(device, version));
  const ids = new Set(devices.flatMap(({ profileId, intendedProfileId }) => [profileId, intendedProfileId].filter((id) => id !== null)));
  const profiles = ids.size > 0 ? await graph.em.findBy(DeploymentProfile, { id: In([...ids]) }) : [];
  const byId = (id: string | null): Record<string, unknown> | null => {
    const profile = profiles.find((candidate) => candidate.id === id);
    return profile ? encodeProfile(profile) : null;
  };
  return devices.map((device) => ({
    ...encodeIdentity(device, version),
    ...(current ? { deploymentProfile: byId(device.profileId) } : {}),
    ...(intended ? { intendedDeploymentProfile: byId(device.intendedProfileId) } : {}),
  }));
}
