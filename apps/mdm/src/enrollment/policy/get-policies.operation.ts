import { type Reply } from '@greenscreen/host/reply';
import { MdmPolicyClient } from '@greenscreen/model/mdm-enrollment';
import { type SoapMessage } from '@greenscreen/wire/soap';
import { decodeGetPoliciesRequest, encodeGetPoliciesResponse, type GetPoliciesRequest } from '@greenscreen/wire/xcep';
import { type Check, runChecks } from '@greenscreen/host/exchange';
import { type MdmServices } from '../../mdm-services.js';
import { decoded, soapReply } from '../soap-request.js';
import { authenticate, credentialOf } from '../token/authenticate.js';
import { type Principal } from '../token/principal.js';
import { enrollmentPolicyOf } from './enrollment-policy.js';

class PolicyRequest {
  request: GetPoliciesRequest;
  principal: Principal;

  constructor(
    readonly mdm: MdmServices,
    readonly message: SoapMessage,
  ) {}
}

function messageIsGetPolicies(state: PolicyRequest): void {
  state.request = decoded(() => decodeGetPoliciesRequest(state.message));
}

async function tokenIsValid(state: PolicyRequest): Promise<void> {
  state.principal = await authenticate(state.mdm, credentialOf(state.message));
}

const policyChecks: readonly Check<PolicyRequest>[] = [messageIsGetPolicies, tokenIsValid];

/** `GetPolicies` (MS-XCEP; reference 04, section 2). Enrollment does not depend on it: several clients skip it. */
export async function getPoliciesOperation(mdm: MdmServices, message: SoapMessage): Promise<Reply> {
  const state = new PolicyRequest(mdm, message);
  await runChecks(state, policyChecks);
  await noteTpm(state);
  return soapReply(encodeGetPoliciesResponse(message.messageId, enrollmentPolicyOf(state.principal.tenant)));
}

/** What a newer client says of its TPM (reference 04, 2.1). */
async function noteTpm({ mdm, request, principal }: PolicyRequest): Promise<void> {
  const { tpmManufacturer, tpmFirmwareVersion } = request;
  const { tenant, entraDeviceId } = principal;
  if (entraDeviceId === undefined || (tpmManufacturer === undefined && tpmFirmwareVersion === undefined)) return;
  const at = await mdm.clock.now(tenant.id);
  await mdm.em.upsert(
    MdmPolicyClient,
    {
      tenantId: tenant.id,
      entraDeviceId,
      tpmManufacturer: tpmManufacturer ?? '',
      tpmFirmwareVersion: tpmFirmwareVersion ?? '',
      at,
    },
    ['tenantId', 'entraDeviceId'],
  );
}
