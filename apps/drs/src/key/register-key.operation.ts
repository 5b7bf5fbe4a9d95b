import { createHash } from 'node:crypto';
import { rsaPublicKey, spkiOf } from '@greenscreen/crypto/keys';
import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { writeAudit } from '@greenscreen/model/audit';
import { deviceAudit, EntraDevice, HelloKey } from '@greenscreen/model/directory';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { decodeKeyRegistration, encodeRegisteredKey, type TransportKey } from '@greenscreen/wire/drs';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { requireApiVersion } from '../api-version.js';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { decoded, parseBody } from '../join/request.checks.js';
import { userInitiator } from '../join/join-audit.js';
import { isMultiFactor } from '../token/multi-factor.js';
import { requireBearer, verifyRegistrationToken } from '../token/registration-token.js';

export interface KeyInput {
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  /** Path with query. */
  readonly path: string;
  readonly body: Buffer;
}

/** A request to register a Windows Hello key, as far as it has been checked. */
class KeyRegistration {
  claims: AccessTokenClaims;
  device: EntraDevice;
  user: DirectoryUser;
  key: TransportKey;

  constructor(
    readonly drs: DrsServices,
    readonly input: KeyInput,
  ) {}
}

/** Both are mandatory (MS-KPP 3.1.5.1.1). */
function jsonIsAcceptedAndVersionServed({ input }: KeyRegistration): void {
  if (!/(^|[,\s])application\/json\b/i.test(input.accept ?? '')) throw new Fault('drs.InvalidParameter', { member: 'Accept' });
  requireApiVersion(input.path, ['1.0']);
}

/** An unusable token is 401 here, unlike in a join (MS-KPP 3.1.5.1.1.3). */
async function tokenIsValid(state: KeyRegistration): Promise<void> {
  const token = requireBearer(state.input.authorization);
  try {
    state.claims = await verifyRegistrationToken(state.drs, token);
  } catch (error) {
    if (error instanceof Fault) throw new Fault('drs.KeyNotAuthorized', {}, { cause: error });
    throw error;
  }
}

async function tokenNamesADevice(state: KeyRegistration): Promise<void> {
  const { drs, claims } = state;
  const device =
    claims.deviceid === undefined
      ? null
      : await drs.em.findOneBy(EntraDevice, { deviceId: claims.deviceid.toLowerCase(), tenantId: claims.tid });
  if (!device || device.state === 'deleted' || !device.accountEnabled) throw new Fault('drs.KeyNotAuthorized');
  state.device = device;
}

/** No user in the token is 401, one that the directory does not know 400 (MS-KPP 3.1.5.1.1.3). */
async function tokenNamesAUser(state: KeyRegistration): Promise<void> {
  const { drs, claims } = state;
  if (claims.upn === undefined) throw new Fault('drs.KeyNotAuthorized');
  const user = await drs.em.findOneBy(DirectoryUser, { upn: claims.upn.toLowerCase(), tenantId: claims.tid });
  if (user?.accountEnabled !== true) throw new Fault('drs.DirectoryError');
  state.user = user;
}

function secondFactorWasUsed({ claims }: KeyRegistration): void {
  if (!isMultiFactor(claims)) throw new Fault('drs.KeyNotAuthorized');
}

function keyIsUsable(state: KeyRegistration): void {
  state.key = decoded(() => decodeKeyRegistration(parseBody(state.input.body)));
}

const keyChecks: readonly Check<KeyRegistration>[] = [
  jsonIsAcceptedAndVersionServed,
  tokenIsValid,
  tokenNamesADevice,
  tokenNamesAUser,
  secondFactorWasUsed,
  keyIsUsable,
];

/** Registers a Windows Hello key (MS-KPP; reference 02, 13.3). */
export async function registerKeyOperation(drs: DrsServices, input: KeyInput): Promise<Reply> {
  const state = new KeyRegistration(drs, input);
  await drs.clock.now();
  await runChecks(state, keyChecks);
  const { device, user, key } = state;
  const now = await drs.clock.now(device.tenantId);
  const keyId = drs.random.uuid();
  await drs.transaction(async (em) => {
    await em.insert(HelloKey, {
      id: keyId,
      tenantId: device.tenantId,
      userId: user.id,
      objectId: device.objectId,
      kngc: key.text,
      blobHash: createHash('sha256').update(Buffer.from(key.text, 'base64')).digest('base64'),
      spki: spkiOf(rsaPublicKey(key.modulus, key.exponent)),
      createdAt: now,
    });
    await writeAudit(em, {
      ...deviceAudit({ ...drs.change(now), initiatedBy: userInitiator(user) }, device, {
        loggedByService: 'Device Registration Service',
        activityDisplayName: 'Add Windows Hello for Business credential',
        operationType: 'Add',
      }),
      category: 'UserManagement',
      targetResources: [{ id: user.id, displayName: user.upn, type: 'User', modifiedProperties: [] }],
      additionalDetails: [{ key: 'KeyId', value: keyId }],
    });
  });
  return drsJson(200, encodeRegisteredKey({ keyId, upn: user.upn }));
}
