import { publicKeyFromSpki } from '@greenscreen/crypto/keys';
import { type CompactJws, verifyRs256 } from '@greenscreen/crypto/jose';
import { Fault } from '@greenscreen/host/faults';
import { issuerOf } from '@greenscreen/host/identity';
import { EntraDevice, HelloKey } from '@greenscreen/model/directory';
import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { findUser } from '../tenancy/password.js';
import { requireFreshNonce } from '../tokens/nonce.store.js';
import { readSigned } from './signed-request.js';

/** What a Hello assertion is looked at with. */
export interface HelloExpectation {
  readonly sts: StsServices;
  readonly tenant: Tenant;
  readonly now: Date;
}

/**
 * The user behind a Windows Hello assertion (reference 02, 7.1): an RS256 JWT by the user's key, found by `kid`, the base64 SHA-256 of the key's
 * blob. Its nonce is only looked at for itself: clients fetch one of its own. Refusals: 130004 key, 130008 and 130007 the key's device,
 * 130005 signature, 50013 what it says, 140000 nonce.
 */
export async function userOfHelloAssertion(assertion: string, { sts, tenant, now }: HelloExpectation): Promise<DirectoryUser> {
  const signed = readSigned(assertion);
  const { jws } = signed;
  const key = await keyOf(sts, tenant, jws);
  await requireDeviceOf(sts, key);
  if (!verifyRs256(jws, publicKeyFromSpki(key.spki))) throw new Fault('sts.130005');
  requireAudience(signed.text('aud'), tenant);
  requireCurrent(jws, now);
  await requireFreshNonce(sts, signed.text('request_nonce'), tenant);
  const user = await findUser(sts.em, tenant, signed.text('iss') ?? '');
  if (user.id !== key.userId) throw new Fault('sts.50013');
  if (!user.accountEnabled) throw new Fault('sts.50057');
  return user;
}

async function keyOf({ em }: StsServices, tenant: Tenant, { header }: CompactJws): Promise<HelloKey> {
  const { kid, use } = header;
  if (typeof kid !== 'string' || (use !== undefined && use !== 'ngc')) throw new Fault('sts.50027');
  const key = await em.findOneBy(HelloKey, { blobHash: standardBase64(kid), tenantId: tenant.id });
  if (!key) throw new Fault('sts.130004');
  return key;
}

const standardBase64 = (text: string): string => Buffer.from(text, 'base64').toString('base64');

/** The device that made the key has to be there and enabled; it need not be the one that asks. */
async function requireDeviceOf({ em }: StsServices, { objectId }: HelloKey): Promise<void> {
  const device = await em.findOneBy(EntraDevice, { objectId });
  if (!device || device.state === 'deleted') throw new Fault('sts.130008');
  if (!device.accountEnabled) throw new Fault('sts.130007');
}

/** Tenant id, `common`, or the issuer. */
function requireAudience(audience: string | undefined, { id }: Tenant): void {
  const known = ['common', id, issuerOf(id)];
  if (audience === undefined || !known.includes(audience.toLowerCase())) throw new Fault('sts.50013');
}

/** `exp` may be a text; clients date `iat` by their own clock, so only the end counts. */
function requireCurrent({ payload }: CompactJws, now: Date): void {
  const expires = Number(payload.exp);
  if (!Number.isFinite(expires) || now.getTime() / 1000 >= expires) throw new Fault('sts.50013');
}
