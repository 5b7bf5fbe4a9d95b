import { type Check, runChecks } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { decodeSoap, type SoapMessage } from '@greenscreen/wire/soap';
import { decodeGetPoliciesRequest, encodeGetPoliciesResponse } from '@greenscreen/wire/xcep';
import { enrollmentPolicyOf } from '../../enrollment/policy/enrollment-policy.js';
import { decoded, soapReply } from '../../enrollment/soap-request.js';
import { type MdmServices } from '../../mdm-services.js';
import { FleetServer } from '../fleet-server.js';
import { authenticateFleet } from '../token/authenticate.js';

class PolicyRequest {
  server: FleetServer;
  message: SoapMessage;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

async function serverIsKnown(state: PolicyRequest): Promise<void> {
  state.server = await FleetServer.ofRequest(state.mdm, 'mdm.TenantNotFound');
}

function messageIsGetPolicies(state: PolicyRequest): void {
  state.message = decoded(() => decodeSoap(state.body));
  decoded(() => decodeGetPoliciesRequest(state.message));
}

async function tokenIsValid({ mdm, server, message }: PolicyRequest): Promise<void> {
  await authenticateFleet(mdm, server, message);
}

const policyChecks: readonly Check<PolicyRequest>[] = [serverIsKnown, messageIsGetPolicies, tokenIsValid];

/** GetPolicies at a Fleet server: the policy of the CA that issues here and there. */
export async function fleetGetPoliciesOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const state = new PolicyRequest(mdm, body);
  await runChecks(state, policyChecks);
  return soapReply(encodeGetPoliciesResponse(state.message.messageId, enrollmentPolicyOf(state.server.tenant)));
}
