import { childOf, childText, descendantsOf, type Markup, xml } from '../xml/index.js';
import { decodeSoap, encodeSoapAnswer, ns, SoapError } from '../soap/index.js';
import { getPoliciesActions } from './actions.js';

/** The enrollment policy in the terms that Windows reads, and what the CA keeps (reference 04, 2.3). */
export interface EnrollmentPolicy {
  /** GUID without braces. */
  readonly policyId: string;
  readonly commonName: string;
  /** Seconds; renewal < validity. */
  readonly validityPeriodSeconds: number;
  readonly renewalPeriodSeconds: number;
  /** Bits. */
  readonly minimalKeyLength: number;
  /** In order of preference. */
  readonly cryptoProviders: readonly string[];
  /** OID and name of the hash for the certificate request. */
  readonly hash: { readonly oid: string; readonly name: string };
}

/** `oID/group` of hash algorithms (MS-XCEP 3.1.4.1.3.16). */
const HASH_GROUP = 1;
/** Template version from which the hash is honoured [doc: Learn]. */
const POLICY_SCHEMA = 3;

/** Elements in the order of the XCEP sequences, every `xsi:nil` placeholder kept (reference 04, 2.3). */
export function encodeGetPoliciesResponse(relatesTo: string | undefined, policy: EnrollmentPolicy): Buffer {
  return encodeSoapAnswer({
    action: getPoliciesActions.response,
    relatesTo,
    schemaInstance: true,
    body: xml`<GetPoliciesResponse xmlns="${ns.policy}"><response><policyID>{${policy.policyId}}</policyID><policyFriendlyName xsi:nil="true"/><nextUpdateHours xsi:nil="true"/><policiesNotChanged xsi:nil="true"/><policies><policy><policyOIDReference>0</policyOIDReference><cAs xsi:nil="true"/>${attributes(policy)}</policy></policies></response><cAs xsi:nil="true"/><oIDs><oID><value>${policy.hash.oid}</value><group>${HASH_GROUP}</group><oIDReferenceID>0</oIDReferenceID><defaultName>${policy.hash.name}</defaultName></oID></oIDs></GetPoliciesResponse>`,
  }).toBuffer();
}

function attributes(policy: EnrollmentPolicy): Markup {
  const providers = policy.cryptoProviders.map((provider) => xml`<provider>${provider}</provider>`);
  return xml`<attributes><commonName>${policy.commonName}</commonName><policySchema>${POLICY_SCHEMA}</policySchema><certificateValidity><validityPeriodSeconds>${policy.validityPeriodSeconds}</validityPeriodSeconds><renewalPeriodSeconds>${policy.renewalPeriodSeconds}</renewalPeriodSeconds></certificateValidity><permission><enroll>true</enroll><autoEnroll>false</autoEnroll></permission><privateKeyAttributes><minimalKeyLength>${policy.minimalKeyLength}</minimalKeyLength><keySpec xsi:nil="true"/><keyUsageProperty xsi:nil="true"/><permissions xsi:nil="true"/><algorithmOIDReference xsi:nil="true"/><cryptoProviders>${providers}</cryptoProviders></privateKeyAttributes><revision><majorRevision>101</majorRevision><minorRevision>0</minorRevision></revision><supersededPolicies xsi:nil="true"/><privateKeyFlags xsi:nil="true"/><subjectNameFlags xsi:nil="true"/><enrollmentFlags xsi:nil="true"/><generalFlags xsi:nil="true"/><hashAlgorithmOIDReference>0</hashAlgorithmOIDReference><rARequirements xsi:nil="true"/><keyArchivalAttributes xsi:nil="true"/><extensions xsi:nil="true"/></attributes>`;
}

/** What Windows takes from the answer: key length, hash, providers (reference 04, 2.3 [doc: Learn]). */
export interface ReceivedPolicy {
  readonly minimalKeyLength: number;
  /** OID that the hash reference resolves to; undefined signs the request with SHA-1. */
  readonly hashOid: string | undefined;
  readonly cryptoProviders: readonly string[];
}

/**
 * @throws {SoapError} when it is no GetPoliciesResponse
 */
export function decodeGetPoliciesResponse(bytes: Uint8Array): ReceivedPolicy {
  const { body } = decodeSoap(bytes);
  if (body.namespace !== ns.policy || body.name !== 'GetPoliciesResponse') throw new SoapError('not a GetPoliciesResponse');
  const attributesElement = descendantsOf(body, ns.policy, 'attributes')[0];
  const keys = attributesElement && childOf(attributesElement, ns.policy, 'privateKeyAttributes');
  const length = Number(keys && childText(keys, ns.policy, 'minimalKeyLength'));
  if (!attributesElement || !keys || !Number.isInteger(length)) throw new SoapError('GetPoliciesResponse without a policy');
  const reference = childText(attributesElement, ns.policy, 'hashAlgorithmOIDReference');
  const hash = descendantsOf(body, ns.policy, 'oID').find((oid) => childText(oid, ns.policy, 'oIDReferenceID') === reference);
  return {
    minimalKeyLength: length,
    hashOid: hash && childText(hash, ns.policy, 'value'),
    cryptoProviders: descendantsOf(keys, ns.policy, 'provider').map((provider) => provider.text.trim()),
  };
}
