import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AccessTokenError, bearerToken, verifyAccessToken } from '@greenscreen/host/identity';
import { type Reply } from '@greenscreen/host/reply';
import { BulkJoinFlow } from '@greenscreen/model/sts';
import { DirectoryUser, hashPassword, Tenant, TenantDomain } from '@greenscreen/model/tenancy';
import { clientIds, decodeBulkJoinRequest, encodeTokenResponseV1, resources } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { tokenTimes } from '../claims/common-claims.js';
import { findClient } from '../clients/client.js';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { issueRefreshToken } from '../tokens/refresh-token.store.js';
import { secretHash } from '../tokens/secret-hash.js';
import { issueUserTokens } from '../tokens/token-answer.js';

/** A package joins devices for so long at most. */
const LONGEST_MS = 180 * 86_400_000;
/** How long the flow token may be polled with. */
const FLOW_MS = 3_600_000;

/** Makes the package's user; its tokens are there at the first poll. Only an administrator may (AADSTS240001). */
export async function beginBulkJoinOperation(sts: StsServices, authorization: string | undefined, body: Buffer): Promise<Reply> {
  const { tenant, administrator } = await authenticated(sts, authorization);
  if (!administrator.isGlobalAdministrator) throw new Fault('sts.240001');
  const request = decodeBulkJoinRequest(parsed(body));
  const now = await sts.clock.now(tenant.id);
  const expiresAt = request?.expiresAt.getTime() ?? 0;
  if (!request || expiresAt <= now.getTime() || expiresAt > now.getTime() + LONGEST_MS) throw new Fault('sts.90023');
  const flowToken = sts.random.token(48);
  const passwordHash = await hashPassword(sts.random.token());
  await sts.transaction(async (em) => {
    const userId = await packageUser(em, sts, tenant, `package_${request.packageId}`, passwordHash, now);
    await em.insert(BulkJoinFlow, {
      hash: secretHash(flowToken),
      tenantId: tenant.id,
      userId,
      createdAt: now,
      packageExpiresAt: request.expiresAt,
    });
  });
  return stsJson(200, { state: 'Pending', resultData: null, flowToken });
}

async function authenticated(sts: StsServices, authorization: string | undefined) {
  const token = bearerToken(authorization);
  await sts.clock.now();
  if (token === undefined) throw new Fault('sts.240002');
  try {
    const claims = await verifyAccessToken(token, {
      authorities: sts.authorities,
      audiences: resources.deviceRegistration,
      now: (tenantId) => sts.clock.now(tenantId),
    });
    currentExchange().tenantId = claims.tid;
    const tenant = await sts.em.findOneBy(Tenant, { id: claims.tid });
    const administrator = claims.oid === undefined ? null : await sts.em.findOneBy(DirectoryUser, { id: claims.oid, tenantId: claims.tid });
    if (!tenant || administrator?.accountEnabled !== true) throw new Fault('sts.240002');
    return { tenant, administrator };
  } catch (error) {
    if (error instanceof AccessTokenError) throw new Fault('sts.240002', {}, { cause: error });
    throw error;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The user of a package: `package_<guid>@<domain>`, with a password that nobody knows. The same package twice is the same user. */
async function packageUser(
  em: EntityManager,
  { random }: StsServices,
  tenant: Tenant,
  name: string,
  passwordHash: string,
  now: Date,
): Promise<string> {
  const { domain } = await em.findOneByOrFail(TenantDomain, { tenantId: tenant.id, isDefault: true });
  const upn = `${name}@${domain}`;
  await em
    .createQueryBuilder()
    .insert()
    .into(DirectoryUser)
    .values({
      id: random.uuid(),
      tenantId: tenant.id,
      upn,
      displayName: name,
      givenName: '',
      surname: '',
      passwordHash,
      puid: `1003${random.hexId(6)}`,
      createdAt: now,
    })
    .orIgnore()
    .execute();
  return (await em.findOneByOrFail(DirectoryUser, { tenantId: tenant.id, upn })).id;
}

/** The package's tokens as JSON text in `resultData`; an unknown or old flow token is `CompleteError`. */
export async function pollBulkJoinOperation(sts: StsServices, flowToken: string | undefined): Promise<Reply> {
  const flow = flowToken === undefined ? null : await sts.em.findOneBy(BulkJoinFlow, { hash: secretHash(flowToken) });
  const now = await sts.clock.now(flow?.tenantId);
  if (!flow || now.getTime() - flow.createdAt.getTime() > FLOW_MS) {
    currentExchange().refusal = 'sts.50089';
    return stsJson(200, { state: 'CompleteError', resultData: 'The flow token is not known or has expired.' });
  }
  currentExchange().tenantId = flow.tenantId;
  const tenant = await sts.em.findOneByOrFail(Tenant, { id: flow.tenantId });
  const user = await sts.em.findOneByOrFail(DirectoryUser, { id: flow.userId });
  const client = { client: await findClient(sts.em, clientIds.bulkJoin, tenant), appidacr: '0' as const };
  const authentication = { tenant, user, amr: ['pwd'], authenticatedAt: now };
  const members = await sts.transaction(async (em) => {
    const { idToken } = await issueUserTokens(sts, em, {
      authentication,
      client,
      version: 1,
      idToken: true,
      refreshToken: false,
      clientInfo: false,
      now,
    });
    const refreshToken = await issueRefreshToken(em, {
      authentication,
      clientId: clientIds.bulkJoin,
      now,
      random: sts.random,
      expiresAt: flow.packageExpiresAt,
    });
    const { exp, nbf } = tokenTimes(now);
    const expiresIn = Math.floor((flow.packageExpiresAt.getTime() - now.getTime()) / 1000);
    return encodeTokenResponseV1({
      expiresIn,
      expiresOn: exp,
      notBefore: nbf,
      resource: resources.deviceRegistration[0],
      idToken,
      refreshToken,
    });
  });
  return stsJson(200, { state: 'CompleteSuccess', resultData: JSON.stringify(members) });
}
