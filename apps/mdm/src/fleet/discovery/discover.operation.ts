import { type Check, currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { decodeDiscoverRequest, type DiscoverRequest, encodeDiscoverResponse } from '@greenscreen/wire/mde2';
import { decodeSoap, type SoapMessage } from '@greenscreen/wire/soap';
import { decoded, soapReply } from '../../enrollment/soap-request.js';
import { type MdmServices } from '../../mdm-services.js';
import { FleetServer } from '../fleet-server.js';

/** What Fleet speaks, and what it says that it speaks (reference 04, section 8). */
const supportedVersions: readonly string[] = ['4.0', '5.0', '6.0', '7.0'];
const ENROLLMENT_VERSION = '4.0';

class Discovery {
  server: FleetServer;
  message: SoapMessage;
  request: DiscoverRequest;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

async function serverIsKnown(state: Discovery): Promise<void> {
  state.server = await FleetServer.ofRequest(state.mdm, 'mdm.TenantNotFound');
}

function messageIsDiscover(state: Discovery): void {
  state.message = decoded(() => decodeSoap(state.body));
  state.request = decoded(() => decodeDiscoverRequest(state.message));
}

function versionIsSupported({ request }: Discovery): void {
  if (!supportedVersions.includes(request.requestVersion)) throw new Fault('fleet.UnsupportedVersion');
}

function onPremiseIsOffered({ request }: Discovery): void {
  if (!request.authPolicies.includes('OnPremise')) throw new Fault('fleet.AuthPolicyNotOffered');
}

const discoverChecks: readonly Check<Discovery>[] = [serverIsKnown, messageIsDiscover, versionIsSupported, onPremiseIsOffered];

/** Discover at a Fleet server. The host name says whose it is, so that the e-mail address, which its clients leave empty, does not matter. */
export async function fleetDiscoverOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const state = new Discovery(mdm, body);
  await runChecks(state, discoverChecks);
  const { server, message } = state;
  return soapReply(
    encodeDiscoverResponse({
      relatesTo: message.messageId,
      activityId: currentExchange().traceId,
      result: {
        authPolicy: 'OnPremise',
        enrollmentVersion: ENROLLMENT_VERSION,
        enrollmentPolicyServiceUrl: server.url('policy'),
        enrollmentServiceUrl: server.url('enroll'),
      },
    }),
  );
}
