import { type Reply } from '@greenscreen/host/reply';
import { decodeSoap, ns } from '@greenscreen/wire/soap';
import { decodeRequestSecurityToken, requestTypes } from '@greenscreen/wire/wstep';
import { type MdmServices } from '../mdm-services.js';
import { issueOperation } from './issue/issue.operation.js';
import { getPoliciesOperation } from './policy/get-policies.operation.js';
import { renewOperation } from './renew/renew.operation.js';
import { decoded } from './soap-request.js';

/** Policy and enrollment share a URL: what the body holds decides, not Action or path (reference 04, 0.1 [our choice]). */
export function deviceEnrollmentOperation(mdm: MdmServices, body: Buffer, presented: { readonly der: Buffer } | undefined): Promise<Reply> {
  const message = decoded(() => decodeSoap(body));
  const { namespace, name } = message.body;
  if (namespace === ns.policy && name === 'GetPolicies') return getPoliciesOperation(mdm, message);
  const rst = decoded(() => decodeRequestSecurityToken(message));
  return rst.requestType === requestTypes.renew ? renewOperation(mdm, message, rst, presented) : issueOperation(mdm, message, rst);
}
