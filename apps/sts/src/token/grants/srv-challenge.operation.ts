import { type Reply } from '@greenscreen/host/reply';
import { findTenant } from '@greenscreen/model/tenancy';
import { stsJson } from '../../sts-reply.js';
import { type StsServices } from '../../sts-services.js';
import { issueNonce } from '../../tokens/nonce.store.js';

/** `grant_type=srv_challenge` (reference 02, 4.2): for any tenant segment, even one that names no tenant here. */
export async function srvChallenge(sts: StsServices, segment: string): Promise<Reply> {
  const tenant = await findTenant(sts.em, segment.trim());
  return stsJson(200, { Nonce: await issueNonce(sts, tenant?.id ?? null) });
}
