import { decodeSoap, ns, SoapError } from '@greenscreen/wire/soap';
import { decodeRequestSecurityToken, requestTypes } from '@greenscreen/wire/wstep';

/** What a body on the common address asks for, as journal and faults name it (06 D-B65); unreadable ones count as enrollments. */
export function nameOf(body: Buffer): { readonly service: string; readonly operation: string } {
  try {
    const message = decodeSoap(body);
    if (message.body.namespace === ns.policy && message.body.name === 'GetPolicies')
      return { service: 'mdm-policy', operation: 'GetPolicies' };
    if (decodeRequestSecurityToken(message).requestType === requestTypes.renew) return { service: 'mdm-enroll', operation: 'Renew' };
  } catch (error) {
    if (!(error instanceof SoapError)) throw error;
  }
  return { service: 'mdm-enroll', operation: 'RST' };
}
