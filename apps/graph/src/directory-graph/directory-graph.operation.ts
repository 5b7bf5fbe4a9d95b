import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { writeAudit } from '@greenscreen/model/audit';
import { alternativeSecurityKey, deviceAudit, DeviceCertificate, EntraDevice, propertyChange } from '@greenscreen/model/directory';
import { TenantDomain } from '@greenscreen/model/tenancy';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { filterCondition } from '../odata/filter-sql.js';
import { booleanField, guidField, textField, textsField } from '../odata/fields.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';

/** The older names of a device's properties (06 D-A42). */
const fields = {
  objectid: guidField('row.objectId'),
  deviceid: guidField('row.deviceId'),
  displayname: textField('row.displayName'),
  accountenabled: booleanField('row.accountEnabled'),
  deviceostype: textField('row.operatingSystem'),
  devicephysicalids: textsField('row.physicalIds'),
  ismanaged: booleanField('row.isManaged'),
  iscompliant: booleanField('row.isCompliant'),
};

const metadata = (request: GraphRequest, resource: string): Record<string, string> => ({
  'odata.metadata': `${request.origin}/${request.tenant.id}/$metadata#directoryObjects/${resource}`,
});

/** Older clients confirm the tenant here. */
export async function getTenantDetails(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  const domains = await graph.em.find(TenantDomain, { where: { tenantId: tenant.id }, order: { isInitial: 'DESC', domain: 'ASC' } });
  const details = {
    'odata.type': 'Microsoft.DirectoryServices.TenantDetail',
    objectType: 'Company',
    objectId: tenant.id,
    displayName: tenant.displayName,
    verifiedDomains: domains.map(({ domain, isInitial, isDefault, authentication }) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      default: isDefault,
      initial: isInitial,
      name: domain,
      type: authentication,
    })),
  };
  return graphJson(200, { ...metadata(request, 'Microsoft.DirectoryServices.TenantDetail'), value: [details] });
}

export async function listOldDevices(request: GraphRequest): Promise<Reply> {
  const { graph, tenant, query } = request;
  const rows = graph.em
    .createQueryBuilder(EntraDevice, 'row')
    .where('row.tenantId = :tenantId AND row.state <> :deleted', { tenantId: tenant.id, deleted: 'deleted' });
  if (query.filter) {
    const { sql, parameters } = filterCondition(query.filter, fields);
    rows.andWhere(`(${sql})`, { ...parameters });
  }
  const devices = await rows
    .orderBy('row.createdAt')
    .addOrderBy('row.objectId')
    .limit(query.top ?? 100)
    .getMany();
  return graphJson(200, { ...metadata(request, 'Microsoft.DirectoryServices.Device'), value: await encodeOldDevices(graph.em, devices) });
}

export async function getOldDevice(request: GraphRequest, objectId: string): Promise<Reply> {
  const { em } = request.graph;
  const [device = {}] = await encodeOldDevices(em, [await findOldDevice(request, em, objectId)]);
  return graphJson(200, { ...metadata(request, 'Microsoft.DirectoryServices.Device/@Element'), ...device });
}

const patchBody = z.object({ isManaged: z.boolean().nullish(), isCompliant: z.boolean().nullish() });

/** How a management service that is not ours reports a device (reference 02, 15.1; 06 D-A42). */
export async function patchOldDevice(request: GraphRequest, objectId: string): Promise<Reply> {
  const { isManaged, isCompliant } = readBody(patchBody);
  await request.graph.transaction(async (em) => {
    const device = await findOldDevice(request, em, objectId);
    const next = {
      isManaged: isManaged === undefined ? device.isManaged : isManaged,
      isCompliant: isCompliant === undefined ? device.isCompliant : isCompliant,
    };
    await em.update(EntraDevice, { objectId: device.objectId }, next);
    await writeAudit(
      em,
      deviceAudit(request.change(), device, {
        loggedByService: 'Core Directory',
        activityDisplayName: 'Update device',
        operationType: 'Update',
        changes: [
          propertyChange('IsManaged', device.isManaged, next.isManaged),
          propertyChange('IsCompliant', device.isCompliant, next.isCompliant),
        ],
      }),
    );
  });
  return graphEmpty();
}

async function findOldDevice({ tenant }: GraphRequest, em: EntityManager, objectId: string): Promise<EntraDevice> {
  const where = { objectId: objectId.toLowerCase(), tenantId: tenant.id, state: Not('deleted' as const) };
  const device = isGuid(objectId) ? await em.findOneBy(EntraDevice, where) : null;
  if (!device) throw new Fault('graph.ResourceNotFound', { id: objectId });
  return device;
}

async function encodeOldDevices(em: EntityManager, devices: readonly EntraDevice[]): Promise<Record<string, unknown>[]> {
  const ids = devices.map(({ objectId }) => objectId);
  const certificates = ids.length > 0 ? await em.findBy(DeviceCertificate, { objectId: In(ids), replacedAt: IsNull() }) : [];
  return devices.map((device) => ({
    'odata.type': 'Microsoft.DirectoryServices.Device',
    objectType: 'Device',
    objectId: device.objectId,
    accountEnabled: device.accountEnabled,
    alternativeSecurityIds: certificates
      .filter(({ objectId }) => objectId === device.objectId)
      .map((certificate) => ({ type: 2, identityProvider: null, key: alternativeSecurityKey(certificate) })),
    approximateLastLogonTimestamp: device.approximateLastSignInDateTime?.toISOString() ?? null,
    deviceId: device.deviceId,
    deviceManagementAppId: device.mdmAppId,
    deviceObjectVersion: 2,
    deviceOSType: device.operatingSystem,
    deviceOSVersion: device.operatingSystemVersion,
    devicePhysicalIds: device.physicalIds,
    deviceTrustType: device.trustType,
    displayName: device.displayName,
    isCompliant: device.isCompliant,
    isManaged: device.isManaged,
    profileType: device.profileType,
  }));
}
