import { runChecks } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { type AuditEntry, writeAudit } from '@greenscreen/model/audit';
import { BitLockerKey, deviceAudit } from '@greenscreen/model/directory';
import { decodeBitLockerKeyIds, decodeBitLockerKeys, encodeBitLockerKeys } from '@greenscreen/wire/drs';
import { type EntityManager, In } from 'typeorm';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { decoded, parseBody } from '../join/request.checks.js';
import { AuthenticatedDevice, deviceCertificateChecks, type DeviceRequest } from '../token/device-certificate.checks.js';

async function authenticated(drs: DrsServices, request: DeviceRequest): Promise<AuthenticatedDevice> {
  const state = new AuthenticatedDevice(drs, request);
  await runChecks(state, deviceCertificateChecks);
  return state;
}

/** Which keys the service holds of a device; not the keys themselves. */
export async function listKeysOperation(drs: DrsServices, request: DeviceRequest): Promise<Reply> {
  const { identity } = await authenticated(drs, request);
  return drsJson(200, await keysOf(drs.em, identity.device.objectId));
}

/** Takes recovery keys in; one that is known already stays as it is. */
export async function addKeysOperation(drs: DrsServices, request: DeviceRequest, body: Buffer): Promise<Reply> {
  const state = await authenticated(drs, request);
  const { device } = state.identity;
  const keys = decoded(() => decodeBitLockerKeys(parseBody(body)));
  await drs.transaction(async (em) => {
    await em
      .createQueryBuilder()
      .insert()
      .into(BitLockerKey)
      .values(
        keys.map(({ keyId, volumeType, key }) => ({
          id: keyId,
          objectId: device.objectId,
          tenantId: device.tenantId,
          volumeType,
          recoveryPassword: key,
          createdAt: state.now,
        })),
      )
      .orIgnore()
      .execute();
    await writeAudit(em, ...keys.map(({ keyId }) => keyAudit(state, 'Add BitLocker key', 'Add', keyId)));
  });
  return drsJson(200, await keysOf(drs.em, device.objectId));
}

/** Forgets keys of this device; ids of other devices' keys are passed over. */
export async function deleteKeysOperation(drs: DrsServices, request: DeviceRequest, body: Buffer): Promise<Reply> {
  const state = await authenticated(drs, request);
  const { objectId } = state.identity.device;
  const ids = decoded(() => decodeBitLockerKeyIds(parseBody(body)));
  await drs.transaction(async (em) => {
    const own = await em.findBy(BitLockerKey, { objectId, id: In(ids) });
    if (own.length === 0) return;
    await em.delete(BitLockerKey, { objectId, id: In(own.map(({ id }) => id)) });
    await writeAudit(em, ...own.map(({ id }) => keyAudit(state, 'Delete BitLocker key', 'Delete', id)));
  });
  return drsJson(200, await keysOf(drs.em, objectId));
}

async function keysOf(em: EntityManager, objectId: string): Promise<Record<string, unknown>> {
  const keys = await em.find(BitLockerKey, { where: { objectId }, order: { createdAt: 'ASC', id: 'ASC' } });
  return encodeBitLockerKeys(keys.map(({ id, volumeType }) => ({ keyId: id, volumeType })));
}

const keyAudit = (
  { drs, identity, now }: AuthenticatedDevice,
  activityDisplayName: string,
  operationType: 'Add' | 'Delete',
  keyId: string,
): AuditEntry => ({
  ...deviceAudit(drs.change(now), identity.device, { loggedByService: 'Device Registration Service', activityDisplayName, operationType }),
  category: 'KeyManagement',
  additionalDetails: [{ key: 'KeyId', value: keyId }],
});
