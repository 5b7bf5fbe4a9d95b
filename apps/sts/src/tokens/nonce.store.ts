import { Fault } from '@greenscreen/host/faults';
import { StsNonce } from '@greenscreen/model/sts';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { secretHash } from './secret-hash.js';

/** reference 02, 4.2 [our choice]. */
const LIFETIME_MS = 5 * 60_000;

/** A fresh nonce, dated by the clock of the tenant that the path names; `common` and unknown tenants use the installation's. */
export async function issueNonce({ em, clock, random }: StsServices, tenantId: string | null): Promise<string> {
  const nonce = Buffer.concat([Buffer.from('0300010012010000000200', 'hex'), random.bytes(45)]).toString('base64url');
  const issuedAt = await clock.now(tenantId ?? undefined);
  await em.insert(StsNonce, { hash: secretHash(nonce), tenantId, issuedAt, usedAt: null });
  return nonce;
}

/**
 * Refuses a nonce that is missing, unknown or too old (AADSTS140000). Using one twice is fine unless the tenant says otherwise: a Windows
 * Hello request may put the same one in two places (reference 02, 4.2).
 */
export async function requireFreshNonce({ em, clock }: StsServices, nonce: string | undefined, tenant: Tenant | undefined): Promise<void> {
  if (!nonce) throw new Fault('sts.140000');
  const row = await em.findOneBy(StsNonce, { hash: secretHash(nonce) });
  if (!row) throw new Fault('sts.140000');
  const now = await clock.now(row.tenantId ?? undefined);
  if (now.getTime() - row.issuedAt.getTime() > LIFETIME_MS) throw new Fault('sts.140000');
  if (!switchOf(tenant, 'sts.singleUseNonce', false)) return;
  const taken = await em
    .createQueryBuilder()
    .update(StsNonce)
    .set({ usedAt: now })
    .where('hash = :hash AND used_at IS NULL', { hash: row.hash })
    .execute();
  if (taken.affected !== 1) throw new Fault('sts.140000');
}
