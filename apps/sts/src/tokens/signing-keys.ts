import { type AuthorityDefinition } from '@greenscreen/host/authority';
import { stsNextSigning, stsSigning } from '@greenscreen/host/authority/definitions';
import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

const SWITCH = 'sts.signingKey';

/**
 * Where a tenant is in a roll-over of the signing key (reference 02, section 18), by its switch `sts.signingKey`: `current`, `announced` (the
 * next key is published, and not in use), `next` (it signs). Services accept both keys at any time, as tokens outlive a roll-over.
 */
const stageOf = (tenant: Pick<Tenant, 'switches'>): string => switchOf<string>(tenant, SWITCH, 'current');

/** The key that signs a tenant's tokens. */
export const signingAuthority = (tenant: Pick<Tenant, 'switches'>): AuthorityDefinition =>
  stageOf(tenant) === 'next' ? stsNextSigning : stsSigning;

/** The keys of a tenant's key set, the one in use first; without a tenant, of everybody's. */
export async function publishedAuthorities(em: EntityManager, tenant: Tenant | undefined): Promise<AuthorityDefinition[]> {
  if (tenant) return { current: [stsSigning], announced: [stsSigning, stsNextSigning] }[stageOf(tenant)] ?? [stsNextSigning, stsSigning];
  const somebodyRollsOver = await em
    .createQueryBuilder(Tenant, 'tenant')
    .where(`tenant.switches->>'${SWITCH}' IN ('announced', 'next')`)
    .getExists();
  return somebodyRollsOver ? [stsSigning, stsNextSigning] : [stsSigning];
}
