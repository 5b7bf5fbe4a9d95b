import { currentExchange, runChecks, type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { findTenantByDomain, switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type AuthPolicy, authPolicies, decodeDiscoverRequest, type DiscoverRequest, encodeDiscoverResponse } from '@greenscreen/wire/mde2';
import { decodeSoap, type SoapMessage } from '@greenscreen/wire/soap';
import { ENROLLMENT_HOST, PORTAL_HOST } from '../../hosts.js';
import { type MdmServices } from '../../mdm-services.js';
import { decoded, soapReply } from '../soap-request.js';
import { tampered } from './tampered-result.js';
import { enrollmentVersionFor, isEnrollmentVersion } from './enrollment-version.js';

/** One URL for policy and enrollment: both must be on one host (reference 04, 0.1). It carries no query: AADInternals appends one. */
const DEVICE_ENROLLMENT_URL = `https://${ENROLLMENT_HOST}/StatelessEnrollmentService/DeviceEnrollment.svc`;
const AUTHENTICATION_URL = `https://${PORTAL_HOST}/EnrollmentServer/Auth`;

/** Intune answered 5.0 to a request of 6.0 (reference 04, 1.3 [trace]). Switch `mdm.enrollmentVersion`. */
const DEFAULT_VERSION = '5.0';

class Discovery {
  message: SoapMessage;
  request: DiscoverRequest;
  /** Undefined for an empty EmailAddress: some clients send none, and the answer hardly depends on it (reference 04, 1.2). */
  tenant: Tenant | undefined;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

function messageIsDiscover(state: Discovery): void {
  state.message = decoded(() => decodeSoap(state.body));
  state.request = decoded(() => decodeDiscoverRequest(state.message));
}

function versionIsKnown({ request }: Discovery): void {
  if (!isEnrollmentVersion(request.requestVersion)) throw new Fault('mdm.MessageFormat');
}

/** Only the domain counts: Windows makes up `fooUser@` and `autopilot@` (reference 04, 1.2). */
async function domainIsKnown(state: Discovery): Promise<void> {
  if (state.request.emailAddress === '') return;
  const tenant = await findTenantByDomain(state.mdm.em, state.request.emailAddress.split('@').at(-1) ?? '');
  if (!tenant) throw new Fault('mdm.TenantNotFound');
  state.tenant = tenant;
  currentExchange().tenantId = tenant.id;
}

const discoverChecks: readonly Check<Discovery>[] = [messageIsDiscover, versionIsKnown, domainIsKnown];

/** `Discover` (MS-MDE2 3.1.4.1; reference 04, 1.2 and 1.3). */
export async function discoverOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const state = new Discovery(mdm, body);
  await runChecks(state, discoverChecks);
  const { message, request, tenant } = state;
  const authPolicy = policyOf(tenant);
  return soapReply(
    encodeDiscoverResponse({
      relatesTo: message.messageId,
      activityId: currentExchange().traceId,
      result: tampered({
        authPolicy,
        enrollmentVersion: enrollmentVersionFor(request.requestVersion, switchOf(tenant, 'mdm.enrollmentVersion', DEFAULT_VERSION)),
        enrollmentPolicyServiceUrl: DEVICE_ENROLLMENT_URL,
        enrollmentServiceUrl: DEVICE_ENROLLMENT_URL,
        ...(authPolicy === 'Federated' ? { authenticationServiceUrl: AUTHENTICATION_URL } : {}),
      }),
    }),
  );
}

/** Switch `mdm.authPolicy`: Federated unless a lab wants to see another one. */
function policyOf(tenant: Tenant | undefined): AuthPolicy {
  const wanted = switchOf(tenant, 'mdm.authPolicy', 'Federated');
  return authPolicies.find((policy) => policy === wanted) ?? 'Federated';
}
