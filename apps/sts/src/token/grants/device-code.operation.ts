import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCode } from '@greenscreen/model/sts';
import { Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { type StsServices } from '../../sts-services.js';
import { userOfGrant } from '../../tenancy/password.js';
import { secretHash } from '../../tokens/secret-hash.js';
import { clientOf, type TokenRequest, wantedOf } from '../token-request.js';
import { answerUserGrant } from '../user-grant.js';

/** Polling for a device code (reference 02, 4.3): v1 clients send it as `code`, v2 clients as `device_code`. */
export async function deviceCodeGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const code = request.form.get('device_code') ?? request.form.get('code');
  if (code === undefined) throw new Fault('sts.900144', { parameter: 'device_code' });
  const row = await sts.em.findOneBy(DeviceCode, { hash: secretHash(code) });
  if (!row) throw new Fault('sts.70018.unknown');
  const now = await sts.clock.now(row.tenantId ?? undefined);
  if (row.state === 'declined') throw new Fault('sts.70018');
  if (row.state === 'redeemed') throw new Fault('sts.54005');
  if (now >= row.expiresAt) throw new Fault(request.version === 1 ? 'sts.70020' : 'sts.70019');
  if (row.state === 'pending' || row.userId === null) throw new Fault('sts.70016');
  const user = await userOfGrant(sts.em, row.userId);
  Object.assign(request.signIn, { userId: user.id, upn: user.upn });
  const tenant = await sts.em.findOneByOrFail(Tenant, { id: user.tenantId });
  currentExchange().tenantId = tenant.id;
  const client = await clientOf(sts, request, tenant);
  if (client.client.clientId !== row.clientId) throw new Fault('sts.70000');
  const wanted = await wantedOf(sts, request, client, tenant, row);
  const authentication = { tenant, user, amr: row.amr, authenticatedAt: now };
  return sts.transaction(async (em) => {
    await redeem(em, row);
    return answerUserGrant(sts, em, request, { authentication, client, wanted, now });
  });
}

async function redeem(em: EntityManager, { hash }: DeviceCode): Promise<void> {
  const taken = await em
    .createQueryBuilder()
    .update(DeviceCode)
    .set({ state: 'redeemed' })
    .where("hash = :hash AND state = 'approved'", { hash })
    .execute();
  if (taken.affected !== 1) throw new Fault('sts.54005');
}
