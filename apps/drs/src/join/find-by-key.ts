import { publicKeyHash } from '@greenscreen/host/identity';
import { spkiOf } from '@greenscreen/crypto/keys';
import { DeviceCertificate, EntraDevice } from '@greenscreen/model/directory';
import { type EntityManager, IsNull, Not } from 'typeorm';
import { type JoinAttempt } from './join-attempt.js';
import { trustTypeOf } from './trust-type.js';

/** The object whose certificate or transport key has the same public key (reference 02, 10.5 [our choice]), of the same kind of join. */
export async function findDeviceByKey(
  em: EntityManager,
  { tenant, csr, transportKey, request }: JoinAttempt,
): Promise<EntraDevice | undefined> {
  const where = { tenantId: tenant.id, trustType: trustTypeOf(request.joinType), state: Not('deleted' as const) };
  const bound = await em.findOneBy(DeviceCertificate, {
    publicKeyHash: publicKeyHash(csr.spki),
    tenantId: tenant.id,
    replacedAt: IsNull(),
  });
  const device =
    (bound && (await em.findOneBy(EntraDevice, { ...where, objectId: bound.objectId }))) ??
    (await em.findOneBy(EntraDevice, { ...where, transportKeySpki: spkiOf(transportKey) }));
  return device ?? undefined;
}
