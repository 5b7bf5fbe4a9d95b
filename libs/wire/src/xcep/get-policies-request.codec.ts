import { childOf, childText, xml } from '../xml/index.js';
import { encodeSoapRequest, encodeTokenHeader, ns, SoapError, type SoapMessage } from '../soap/index.js';
import { getPoliciesActions } from './actions.js';

/** The native client's MessageID: a constant (reference 04, 0.2 rule 4). */
export const GET_POLICIES_MESSAGE_ID = 'urn:uuid:72048B64-0F19-448F-8C2E-B4C661860AA0';

/** What newer clients say of their TPM beside the request proper (reference 04, 2.1). */
export interface GetPoliciesRequest {
  readonly tpmManufacturer?: string;
  readonly tpmFirmwareVersion?: string;
}

/** Reads a GetPolicies; other children of `client` are ignored. */
export function decodeGetPoliciesRequest({ body }: SoapMessage): GetPoliciesRequest {
  if (body.namespace !== ns.policy || body.name !== 'GetPolicies') throw new SoapError('not a GetPolicies');
  const client = childOf(body, ns.policy, 'client');
  const tpmManufacturer = (client && childText(client, ns.policy, 'TPMManufacturer')) || undefined;
  const tpmFirmwareVersion = (client && childText(client, ns.policy, 'TPMFirmwareVersion')) || undefined;
  return {
    ...(tpmManufacturer === undefined ? {} : { tpmManufacturer }),
    ...(tpmFirmwareVersion === undefined ? {} : { tpmFirmwareVersion }),
  };
}

export interface GetPoliciesCall extends GetPoliciesRequest {
  readonly to: string;
  /** Header token: its ValueType and text. */
  readonly token: { readonly valueType: string; readonly text: string };
}

/** A GetPolicies as the native client sends it (reference 04, 2.1). */
export function encodeGetPoliciesRequest({ to, token, tpmManufacturer, tpmFirmwareVersion }: GetPoliciesCall): Buffer {
  const tpm = [
    ...(tpmManufacturer === undefined ? [] : [xml`<TPMManufacturer>${tpmManufacturer}</TPMManufacturer>`]),
    ...(tpmFirmwareVersion === undefined ? [] : [xml`<TPMFirmwareVersion>${tpmFirmwareVersion}</TPMFirmwareVersion>`]),
  ];
  return encodeSoapRequest({
    action: getPoliciesActions.request,
    messageId: GET_POLICIES_MESSAGE_ID,
    to,
    namespaces: { a: ns.addressing, u: ns.utility, wsse: ns.security, wst: ns.trust, ac: ns.authorization, s: ns.soap12 },
    header: encodeTokenHeader(token.valueType, token.text),
    schemaInstance: true,
    body: xml`<GetPolicies xmlns="${ns.policy}"><client><lastUpdate xsi:nil="true"/><preferredLanguage xsi:nil="true"/>${tpm}</client><requestFilter xsi:nil="true"/></GetPolicies>`,
  }).toBuffer();
}
