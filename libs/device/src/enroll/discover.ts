import {
  authPolicies,
  type AuthPolicy,
  decodeDiscoverResponse,
  encodeDiscoverRequest,
  type ReceivedDiscoverResult,
} from '@greenscreen/wire/mde2';
import { SoapError } from '@greenscreen/wire/soap';
import { type DeviceResponse, editions, hresultOfStatus, osVersion } from '../context/index.js';
import { EnrollmentError, INVALID_ARGUMENT, menroll } from './enrollment-error.js';
import { callSoap, type EnrollContext, probeHeaders, unusable } from './soap-call.js';

/** Where and how to enroll. */
export interface EnrollmentService {
  /** After redirects. */
  readonly discoveryUrl: string;
  readonly authPolicy: AuthPolicy;
  /** Absent when the service does not say. */
  readonly version: string | undefined;
  readonly policyUrl: string;
  readonly enrollmentUrl: string;
  readonly authenticationUrl?: string;
}

export interface DiscoverInput {
  /** `mdm_enrollment_url` of the token, or of the MDM list. */
  readonly discoveryUrl: string;
  /** `fooUser@<tenant domain>` when there is no user (06 D-B18). */
  readonly emailAddress: string;
  /** What this Windows speaks: `6.0`. */
  readonly requestVersion: string;
}

const REDIRECTS = 3;

/** Probe and Discover (reference 04, 1.1 to 1.3). */
export async function discoverEnrollment(context: EnrollContext, input: DiscoverInput): Promise<EnrollmentService> {
  const discoveryUrl = await probe(context, input.discoveryUrl);
  const { traits } = context;
  const body = await callSoap(context, {
    service: 'mdm-discovery',
    operation: 'Discover',
    url: discoveryUrl,
    body: encodeDiscoverRequest(addressOf(discoveryUrl), {
      emailAddress: input.emailAddress,
      requestVersion: input.requestVersion,
      deviceType: 'CIMClient_Windows',
      applicationVersion: osVersion(traits),
      osEdition: String(editions[traits.edition]),
      authPolicies: ['OnPremise', 'Federated'],
    }),
  });
  return interpret(discoveryUrl, decode(body));
}

/** Asks whether somebody is there, and goes where it is sent; never to plain HTTP (reference 05, B79). */
async function probe({ network }: Pick<EnrollContext, 'network'>, url: string, left = REDIRECTS): Promise<string> {
  const response = await network.http({ service: 'mdm-discovery', operation: 'Probe', method: 'GET', url, headers: probeHeaders });
  const target = redirectOf(response, url);
  if (target === undefined) {
    if (response.status !== 200)
      throw new EnrollmentError(hresultOfStatus(response.status), `Discovery answered ${response.status}`, { status: response.status });
    return url;
  }
  if (target.protocol !== 'https:') throw new EnrollmentError(menroll.insecureRedirect, `Discovery leads to ${target.href}`);
  if (left === 0) throw new EnrollmentError(hresultOfStatus(response.status), 'Discovery leads in circles');
  return probe({ network }, target.href, left - 1);
}

function redirectOf(response: DeviceResponse, base: string): URL | undefined {
  const { status } = response;
  const location = response.header('location');
  return status >= 300 && status < 400 && location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
}

/** The native client names the port in `To`. */
function addressOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}:${port || '443'}${pathname}`;
}

function decode(body: Buffer): ReceivedDiscoverResult {
  try {
    return decodeDiscoverResponse(body);
  } catch (error) {
    if (error instanceof SoapError) throw unusable(body);
    throw error;
  }
}

/** What Windows makes of an answer (reference 04, 1.3 [win-static]). */
function interpret(discoveryUrl: string, answer: ReceivedDiscoverResult): EnrollmentService {
  const authPolicy = authPolicies.find((policy) => policy.toLowerCase() === answer.authPolicy?.toLowerCase());
  if (!authPolicy) throw new EnrollmentError(menroll.unknownAuthPolicy, `AuthPolicy ${answer.authPolicy ?? 'is missing'}`);
  const authenticationUrl = answer.authenticationServiceUrl;
  if (authPolicy === 'Federated' ? !authenticationUrl : Boolean(authenticationUrl))
    throw new EnrollmentError(INVALID_ARGUMENT, `AuthenticationServiceUrl does not go with ${authPolicy}`);
  const version = answer.enrollmentVersion;
  if (version !== undefined && !/^\s*\d{1,5}\.\d{1,5}/.test(version))
    throw new EnrollmentError(INVALID_ARGUMENT, `EnrollmentVersion ${version}`);
  if (!answer.enrollmentServiceUrl || !answer.enrollmentPolicyServiceUrl)
    throw new EnrollmentError(INVALID_ARGUMENT, 'The service does not say where to enroll');
  return {
    discoveryUrl,
    authPolicy,
    version,
    policyUrl: answer.enrollmentPolicyServiceUrl,
    enrollmentUrl: answer.enrollmentServiceUrl,
    ...(authenticationUrl ? { authenticationUrl } : {}),
  };
}
