import { SoapError } from '@greenscreen/wire/soap';
import { decodeGetPoliciesResponse, encodeGetPoliciesRequest, type ReceivedPolicy } from '@greenscreen/wire/xcep';
import { callSoap, type EnrollContext, unusable } from './soap-call.js';

export interface HeaderToken {
  readonly valueType: string;
  readonly text: string;
}

/** Asks how the certificate request has to look (reference 04, section 2). */
export async function requestPolicy(context: EnrollContext, url: string, token: HeaderToken): Promise<ReceivedPolicy> {
  const { tpm } = context.traits;
  const body = await callSoap(context, {
    service: 'mdm-policy',
    operation: 'GetPolicies',
    url,
    body: encodeGetPoliciesRequest({
      to: url,
      token,
      ...(tpm.kind === 'none' ? {} : { tpmManufacturer: tpm.vendor, tpmFirmwareVersion: tpm.firmware }),
    }),
  });
  try {
    return decodeGetPoliciesResponse(body);
  } catch (error) {
    if (error instanceof SoapError) throw unusable(body);
    throw error;
  }
}
