import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCode } from '@greenscreen/model/sts';
import { decodeForm } from '@greenscreen/wire/oauth';
import { findClient } from '../clients/client.js';
import { findResource } from '../clients/resource.js';
import { parseScope } from '../clients/scope.js';
import { STS } from '../hosts.js';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { resolveSegment } from '../tenancy/tenant-segment.js';
import { secretHash } from '../tokens/secret-hash.js';

const LIFETIME = 900;
const INTERVAL = 5;
/** Without letters and digits that people confuse. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** `POST /{t}/oauth2[/v2.0]/devicecode` (reference 02, 4.3): v1 writes numbers as strings, v2 as numbers. */
export async function deviceCodeOperation(sts: StsServices, version: 1 | 2, tenantSegment: string, body: Buffer): Promise<Reply> {
  const form = decodeForm(body);
  const { tenant } = await resolveSegment(sts.em, tenantSegment);
  const clientId = form.get('client_id');
  if (clientId === undefined) throw new Fault('sts.900144', { parameter: 'client_id' });
  const client = await findClient(sts.em, clientId, tenant);
  const scope = form.get('scope') ?? null;
  const resource = (version === 1 ? form.get('resource') : parseScope(scope ?? undefined).resource) ?? null;
  if (resource !== null) await findResource(sts.em, resource, client, tenant);
  const now = await sts.clock.now(tenant?.id);
  const deviceCode = `0.A${sts.random.token(80)}`;
  const userCode = [...sts.random.bytes(9)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  await sts.em.insert(DeviceCode, {
    hash: secretHash(deviceCode),
    userCode,
    tenantId: tenant?.id ?? null,
    clientId: client.clientId,
    resource,
    scope,
    state: 'pending',
    userId: null,
    amr: [],
    issuedAt: now,
    expiresAt: new Date(now.getTime() + LIFETIME * 1000),
  });
  const page = `${STS}/common/oauth2/deviceauth`;
  const message = `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`;
  return stsJson(
    200,
    version === 1
      ? {
          user_code: userCode,
          device_code: deviceCode,
          verification_url: page,
          expires_in: String(LIFETIME),
          interval: String(INTERVAL),
          message,
        }
      : { user_code: userCode, device_code: deviceCode, verification_uri: page, expires_in: LIFETIME, interval: INTERVAL, message },
  );
}
