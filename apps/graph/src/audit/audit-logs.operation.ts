import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type AuditInitiator, AuditRecord } from '@greenscreen/model/audit';
import { SignInLog } from '@greenscreen/model/sts';
import { EntraDevice } from '@greenscreen/model/directory';
import { graphDate } from '@greenscreen/wire/graph';
import { type EntityManager, In } from 'typeorm';
import { dateField, guidField, objectsField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';

const auditFields = {
  id: guidField('row.id'),
  activitydisplayname: textField('row.activityDisplayName'),
  activitydatetime: dateField('row.activityDateTime'),
  activity: textField('row.activityDisplayName'),
  category: textField('row.category'),
  correlationid: textField('row.correlationId'),
  result: textField('row.result'),
  loggedbyservice: textField('row.loggedByService'),
  operationtype: textField('row.operationType'),
  targetresources: objectsField('row.targetResources', { id: 'id', displayname: 'displayName', type: 'type' }),
  'initiatedby/app/displayname': textField(`(CASE WHEN row.initiatedBy->>'kind' = 'app' THEN row.initiatedBy->>'displayName' END)`),
  'initiatedby/app/appid': textField(`(row.initiatedBy->>'appId')`),
  'initiatedby/user/userprincipalname': textField(`(row.initiatedBy->>'userPrincipalName')`),
  'initiatedby/user/id': textField(`(CASE WHEN row.initiatedBy->>'kind' = 'user' THEN row.initiatedBy->>'id' END)`),
};

export async function listDirectoryAudits(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'auditLogs/directoryAudits',
    rows: graph.em
      .createQueryBuilder(AuditRecord, 'row')
      .where('row.tenantId = :tenantId AND row.log = :log', { tenantId: tenant.id, log: 'directory' }),
    fields: auditFields,
    order: { latestBy: 'sequence' },
    encode: (rows) => rows.map(encodeDirectoryAudit),
  });
}

export async function getDirectoryAudit(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant } = request;
  const record = isGuid(id) ? await graph.em.findOneBy(AuditRecord, { id: id.toLowerCase(), tenantId: tenant.id, log: 'directory' }) : null;
  if (!record) throw new Fault('graph.ResourceNotFound', { id });
  return entityReply(request, 'auditLogs/directoryAudits/$entity', encodeDirectoryAudit(record));
}

/** Graph `directoryAudit` (reference 02, 16). */
const encodeDirectoryAudit = (record: AuditRecord): Record<string, unknown> => ({
  id: record.id,
  category: record.category,
  correlationId: record.correlationId,
  result: record.result,
  resultReason: record.resultReason,
  activityDisplayName: record.activityDisplayName,
  activityDateTime: graphDate(record.activityDateTime),
  loggedByService: record.loggedByService,
  operationType: record.operationType,
  initiatedBy: encodeInitiator(record.initiatedBy),
  targetResources: record.targetResources.map(({ id, displayName, type, modifiedProperties }) => ({
    id,
    displayName,
    type,
    userPrincipalName: null,
    groupType: null,
    modifiedProperties,
  })),
  additionalDetails: record.additionalDetails,
});

function encodeInitiator(initiator: AuditInitiator): Record<string, unknown> {
  if (initiator.kind === 'app') {
    const { appId, displayName, servicePrincipalId } = initiator;
    return { user: null, app: { appId, displayName, servicePrincipalId, servicePrincipalName: null } };
  }
  const { id, displayName, userPrincipalName, ipAddress } = initiator;
  return { app: null, user: { id, displayName, userPrincipalName, ipAddress } };
}

/** Intune's own log: `auditEvent`. */
export async function listIntuneAudits(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'deviceManagement/auditEvents',
    rows: graph.em
      .createQueryBuilder(AuditRecord, 'row')
      .where('row.tenantId = :tenantId AND row.log = :log', { tenantId: tenant.id, log: 'intune' }),
    fields: auditFields,
    order: { latestBy: 'sequence' },
    encode: (rows) => rows.map(encodeIntuneAudit),
  });
}

const encodeIntuneAudit = (record: AuditRecord): Record<string, unknown> => ({
  id: record.id,
  displayName: record.activityDisplayName,
  componentName: record.loggedByService,
  activity: record.activityDisplayName,
  activityDateTime: graphDate(record.activityDateTime),
  activityType: record.activityDisplayName,
  activityOperationType: record.operationType,
  activityResult: record.result === 'success' ? 'Success' : 'Failure',
  correlationId: record.correlationId,
  category: record.category,
  actor: encodeActor(record.initiatedBy),
  resources: record.targetResources.map(({ id, displayName, type, modifiedProperties }) => ({
    displayName,
    auditResourceType: type,
    resourceId: id,
    modifiedProperties,
  })),
});

const encodeActor = (initiator: AuditInitiator): Record<string, unknown> =>
  initiator.kind === 'app'
    ? {
        auditActorType: 'Application',
        applicationId: initiator.appId,
        applicationDisplayName: initiator.displayName,
        servicePrincipalName: null,
        userId: null,
        userPrincipalName: null,
        ipAddress: null,
      }
    : {
        auditActorType: 'ItPro',
        applicationId: null,
        applicationDisplayName: null,
        servicePrincipalName: null,
        userId: initiator.id,
        userPrincipalName: initiator.userPrincipalName,
        ipAddress: initiator.ipAddress,
      };

const signInFields = {
  id: guidField('row.id'),
  createddatetime: dateField('row.createdAt'),
  userprincipalname: textField('row.userPrincipalName'),
  userid: guidField('row.userId'),
  appid: textField('row.appId'),
  correlationid: textField('row.correlationId'),
  'status/errorcode': { sql: 'row.errorCode', type: 'number' } as const,
};

/** One row for each token request and each interactive sign-in (reference 02, 16). */
export async function listSignIns(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'auditLogs/signIns',
    rows: graph.em.createQueryBuilder(SignInLog, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields: signInFields,
    order: ['createdAt', 'id'],
    encode: (rows) => encodeSignIns(graph.em, rows),
  });
}

async function encodeSignIns(em: EntityManager, rows: readonly SignInLog[]): Promise<Record<string, unknown>[]> {
  const deviceIds = rows.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId]));
  const devices = new Map(
    deviceIds.length > 0 ? (await em.findBy(EntraDevice, { deviceId: In(deviceIds) })).map((device) => [device.deviceId, device]) : [],
  );
  return rows.map((row) => {
    const device = row.deviceId === null ? undefined : devices.get(row.deviceId);
    return {
      id: row.id,
      createdDateTime: graphDate(row.createdAt),
      userDisplayName: row.userPrincipalName,
      userPrincipalName: row.userPrincipalName,
      userId: row.userId ?? '',
      appId: row.appId,
      appDisplayName: null,
      ipAddress: row.ipAddress,
      clientAppUsed: row.grant,
      correlationId: row.correlationId,
      conditionalAccessStatus: 'notApplied',
      isInteractive: row.grant === 'interactive',
      resourceDisplayName: row.resource,
      resourceId: row.resource,
      status: { errorCode: row.errorCode, failureReason: row.failureReason || 'Other.', additionalDetails: null },
      deviceDetail: {
        deviceId: row.deviceId ?? '',
        displayName: device?.displayName ?? '',
        operatingSystem: device?.operatingSystem ?? '',
        browser: '',
        isCompliant: device?.isCompliant ?? false,
        isManaged: device?.isManaged ?? false,
        trustType: device?.trustType ?? '',
      },
    };
  });
}
