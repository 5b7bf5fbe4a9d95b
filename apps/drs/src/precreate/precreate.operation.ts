import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type EntraDevice, findDevicesByZtdId, precreateDevice } from '@greenscreen/model/directory';
import { Application, type Tenant } from '@greenscreen/model/tenancy';
import { DrsFormatError, Members } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { type JoinInput } from '../join/join-attempt.js';
import { joinOperation } from '../join/join.operation.js';
import { decoded, parseBody } from '../join/request.checks.js';
import { requireTenant } from '../tenant-segment.js';
import { requireBearer, verifyApplicationToken } from '../token/registration-token.js';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Pre-creation for those who register devices by themselves: an application's token, and the ZTD id with the serial number (reference 02, 12.4
 * [our choice]). It is the operation that a hash import uses. A join with a `PreAuthorizedJoinChallenge` comes here too; the challenge is
 * the token then.
 */
export async function precreateOperation(drs: DrsServices, segment: string, input: JoinInput): Promise<Reply> {
  await drs.clock.now();
  const body = decoded(() => requireMembers(parseBody(input.body)));
  const challenge = decoded(() => body.text('PreAuthorizedJoinChallenge'));
  if (challenge !== undefined) {
    currentExchange().operation = 'Join';
    return joinOperation(drs, { ...input, authorization: `Bearer ${challenge}` });
  }
  requireApiVersion(input.path, ['1.0', '2.0']);
  const tenant = await requireTenant(drs, segment);
  const application = await applicationOf(drs, tenant, input.authorization);
  const device = await precreate(
    drs,
    tenant,
    application,
    decoded(() => registrationOf(body)),
  );
  return drsJson(201, { deviceId: device.deviceId, objectId: device.objectId });
}

function requireMembers(value: unknown): Members {
  const members = Members.of(value);
  if (!members) throw new DrsFormatError('request body');
  return members;
}

function registrationOf(body: Members): { ztdId: string; serialNumber: string } {
  const ztdId = body.requiredText('ztdid').toLowerCase();
  if (!GUID.test(ztdId)) throw new DrsFormatError('ztdid');
  return { ztdId, serialNumber: body.requiredText('displayName') };
}

/** Any application that the tenant knows may do this: the lab has one. */
async function applicationOf(drs: DrsServices, tenant: Tenant, authorization: string | undefined): Promise<Application> {
  const claims = await verifyApplicationToken(drs, requireBearer(authorization));
  const clientId = claims.appid;
  const application = clientId === undefined ? null : await drs.em.findOneBy(Application, { tenantId: claims.tid, clientId });
  if (!application || claims.tid !== tenant.id) throw new Fault('drs.InvalidToken');
  return application;
}

async function precreate(
  drs: DrsServices,
  tenant: Tenant,
  { clientId, displayName, servicePrincipalId }: Application,
  { ztdId, serialNumber }: { ztdId: string; serialNumber: string },
): Promise<EntraDevice> {
  const change = {
    ...drs.change(await drs.clock.now(tenant.id)),
    initiatedBy: { kind: 'app' as const, appId: clientId, displayName, servicePrincipalId },
  };
  return drs.transaction(async (em) => {
    // Two requests for one registration must not both find nothing.
    await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`precreate:${ztdId}`]);
    if ((await findDevicesByZtdId(em, tenant.id, ztdId)).length > 0) throw new Fault('drs.DuplicateDevice');
    const device = await precreateDevice(em, { ...change, tenantId: tenant.id, ztdId, serialNumber });
    await em.update(AutopilotDevice, { ztdId, tenantId: tenant.id }, { entraDeviceId: device.deviceId });
    return device;
  });
}
