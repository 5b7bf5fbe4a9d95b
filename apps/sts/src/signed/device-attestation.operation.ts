import { jwkThumbprint } from '@greenscreen/crypto/jose';
import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type AutopilotDevice, failDeployment, openDeployment } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { aadstsOf, stsFaults } from '../sts.errors.js';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { identifyingChecks, userlessChecks, UserlessSignIn } from './device-attestation.checks.js';
import { answerDeviceToken, deviceResourceOf } from './device-token.operation.js';
import { noteSignIn } from './last-sign-in.js';
import { type SignedRequest } from './signed-request.js';

/**
 * `device_attestation`: a TPM signs in without a user (reference 02, 12.3; 06, D-A16 to D-A22). The first verdict on a known registration
 * opens the deployment's event row; a refusal fails it (06, D-A51).
 */
export async function deviceAttestationGrant(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new UserlessSignIn(sts, request, signed);
  state.now = await sts.clock.now(request.segment.tenant?.id);
  try {
    const resource = await deviceResourceOf(sts, request, signed);
    await runChecks(state, userlessChecks);
    const { registration, ticket } = state;
    if (!registration) throw new Error('The checks leave a registration');
    const now = await sts.clock.now(registration.tenantId);
    const device = await deviceOf(sts, registration);
    if (device) currentExchange().deviceId = request.signIn.deviceId = device.deviceId;
    await sts.transaction(async (em) => {
      await openDeployment(em, { id: sts.random.uuid(), ztdId: registration.ztdId, globalDeviceId: ticket.gdid, at: now });
      if (device) await noteSignIn(em, device, now);
    });
    const jkt = await jwkThumbprint(state.key);
    return await answerDeviceToken(sts, {
      tenant: await sts.em.findOneByOrFail(Tenant, { id: registration.tenantId }),
      device,
      ztdId: registration.ztdId,
      jkt,
      resource,
      now,
      random: sts.random,
    });
  } catch (error) {
    if (error instanceof Fault) await failEvent(state, error);
    throw error;
  }
}

/** The pre-created object, if it is still there. A missing one is no refusal here: DRS will say so (06, D-A21). */
async function deviceOf({ em }: StsServices, { entraDeviceId }: AutopilotDevice): Promise<EntraDevice | undefined> {
  const device = entraDeviceId === null ? null : await em.findOneBy(EntraDevice, { deviceId: entraDeviceId });
  return device && device.state !== 'deleted' ? device : undefined;
}

/** A refusal ends the deployment when its ticket says whose it is; without a usable ticket nobody knows. */
async function failEvent(state: UserlessSignIn, refusal: Fault): Promise<void> {
  try {
    if (!state.registration) for (const check of identifyingChecks) await check(state);
  } catch (error) {
    if (error instanceof Fault) return;
    throw error;
  }
  const { sts, registration, ticket } = state;
  if (!registration) return;
  const suberror = stsFaults[refusal.code]?.suberror;
  const details = `AADSTS${aadstsOf(refusal.code)}${suberror === undefined ? '' : ` (${suberror})`}`;
  const opening = {
    id: sts.random.uuid(),
    ztdId: registration.ztdId,
    globalDeviceId: ticket.gdid,
    at: await sts.clock.now(registration.tenantId),
  };
  await sts.transaction((em) => failDeployment(em, opening, details));
}
