import { childOf, childrenOf, childText, descendantsOf, type Markup, xml, type XmlElement } from '../xml/index.js';
import { decodeSoap, encodeSoapAnswer, encodeSoapRequest, ns, SoapError, type SoapMessage } from '../soap/index.js';

/** Actions of IDiscoveryService (MS-MDE2 3.1.4.1). */
export const discoverActions = {
  request: `${ns.discovery}/IDiscoveryService/Discover`,
  response: `${ns.discovery}/IDiscoveryService/DiscoverResponse`,
} as const;

/** The native client's MessageID: a constant (reference 04, 0.2 rule 4 [win-capture]). */
export const DISCOVER_MESSAGE_ID = 'urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478';

/** How a client may authenticate (MS-MDE2 2.2.9.1). */
export const authPolicies = ['Federated', 'OnPremise', 'Certificate'] as const;
export type AuthPolicy = (typeof authPolicies)[number];

/** The request of Discover; texts as sent, trimmed. */
export interface DiscoverRequest {
  /** Only what follows the `@` matters; '' from Fleet's client. */
  readonly emailAddress: string;
  /** `6.0` */
  readonly requestVersion: string;
  readonly deviceType: string;
  readonly applicationVersion: string;
  readonly osEdition: string;
  readonly authPolicies: readonly string[];
}

/** Reads a Discover; children in any order, the namespace with or without the slash of Learn's sample (reference 04, 1.2). */
export function decodeDiscoverRequest({ body }: SoapMessage): DiscoverRequest {
  const namespace = body.namespace.replace(/\/$/, '');
  if (namespace !== ns.discovery || body.name !== 'Discover') throw new SoapError('not a Discover');
  const request = childOf(body, body.namespace, 'request');
  if (!request) throw new SoapError('Discover without a request');
  const text = (name: string): string => childText(request, body.namespace, name) ?? '';
  if (!childOf(request, body.namespace, 'EmailAddress')) throw new SoapError('Discover without an EmailAddress');
  const policies = childOf(request, body.namespace, 'AuthPolicies');
  return {
    emailAddress: text('EmailAddress'),
    requestVersion: text('RequestVersion'),
    deviceType: text('DeviceType'),
    applicationVersion: text('ApplicationVersion'),
    osEdition: text('OSEdition'),
    authPolicies: policies ? childrenOf(policies, body.namespace, 'AuthPolicy').map((policy) => policy.text.trim()) : [],
  };
}

/** A Discover as the native client sends it. */
export function encodeDiscoverRequest(to: string, request: DiscoverRequest): Buffer {
  const policies = request.authPolicies.map((policy) => xml`<AuthPolicy>${policy}</AuthPolicy>`);
  return encodeSoapRequest({
    action: discoverActions.request,
    messageId: DISCOVER_MESSAGE_ID,
    to,
    namespaces: { a: ns.addressing, s: ns.soap12 },
    body: xml`<Discover xmlns="${ns.discovery}"><request xmlns:i="${ns.xsi}"><EmailAddress>${request.emailAddress}</EmailAddress><RequestVersion>${request.requestVersion}</RequestVersion><DeviceType>${request.deviceType}</DeviceType><ApplicationVersion>${request.applicationVersion}</ApplicationVersion><OSEdition>${request.osEdition}</OSEdition><AuthPolicies>${policies}</AuthPolicies></request></Discover>`,
  }).toBuffer();
}

/** What Discover answers. */
export interface DiscoverResult {
  /** One of {@link authPolicies}; others are written too, for those who want to see a client refuse them. */
  readonly authPolicy: string;
  /** `5.0` */
  readonly enrollmentVersion: string;
  readonly enrollmentPolicyServiceUrl: string;
  readonly enrollmentServiceUrl: string;
  /** Present for Federated only: for the others even an empty element is an error on Windows (reference 04, 1.3). */
  readonly authenticationServiceUrl?: string;
}

export interface DiscoverAnswer {
  readonly relatesTo?: string | undefined;
  readonly activityId: string;
  readonly result: DiscoverResult;
}

export function encodeDiscoverResponse({ relatesTo, activityId, result }: DiscoverAnswer): Buffer {
  return encodeSoapAnswer({
    action: discoverActions.response,
    activityId,
    relatesTo,
    schemaInstance: true,
    body: xml`<DiscoverResponse xmlns="${ns.discovery}"><DiscoverResult><AuthPolicy>${result.authPolicy}</AuthPolicy><EnrollmentVersion>${result.enrollmentVersion}</EnrollmentVersion><EnrollmentPolicyServiceUrl>${result.enrollmentPolicyServiceUrl}</EnrollmentPolicyServiceUrl><EnrollmentServiceUrl>${result.enrollmentServiceUrl}</EnrollmentServiceUrl>${optional('AuthenticationServiceUrl', result.authenticationServiceUrl)}</DiscoverResult></DiscoverResponse>`,
  }).toBuffer();
}

function optional(name: string, value: string | undefined): Markup | undefined {
  return value === undefined ? undefined : xml`<${name}>${value}</${name}>`;
}

/** The elements that Windows looks up in a DiscoverResponse; undefined where its XPath finds nothing. */
export interface ReceivedDiscoverResult {
  readonly authPolicy: string | undefined;
  readonly enrollmentVersion: string | undefined;
  readonly enrollmentPolicyServiceUrl: string | undefined;
  readonly enrollmentServiceUrl: string | undefined;
  readonly authenticationServiceUrl: string | undefined;
}

/**
 * Reads an answer with Windows' XPaths, `//e:DiscoverResponse//e:AuthPolicy` and so on: the namespace must be exact (reference 04, 1.3).
 *
 * @throws {SoapError} when it is not a SOAP message
 */
export function decodeDiscoverResponse(bytes: Uint8Array): ReceivedDiscoverResult {
  const { body } = decodeSoap(bytes);
  const text = (name: string): string | undefined => firstUnder(body, name)?.text.trim();
  return {
    authPolicy: text('AuthPolicy'),
    enrollmentVersion: text('EnrollmentVersion'),
    enrollmentPolicyServiceUrl: text('EnrollmentPolicyServiceUrl'),
    enrollmentServiceUrl: text('EnrollmentServiceUrl'),
    authenticationServiceUrl: text('AuthenticationServiceUrl'),
  };
}

const firstUnder = (body: XmlElement, name: string): XmlElement | undefined =>
  body.namespace === ns.discovery && body.name === 'DiscoverResponse' ? descendantsOf(body, ns.discovery, name)[0] : undefined;
