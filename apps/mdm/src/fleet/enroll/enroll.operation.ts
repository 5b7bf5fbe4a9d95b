import { type Csr } from '@greenscreen/crypto/pkcs10';
import { type Check, currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { decodeSoap, type SoapMessage } from '@greenscreen/wire/soap';
import {
  ContextItems,
  csrTypes,
  decodeRequestSecurityToken,
  DEVICE_ENROLLMENT_TOKEN,
  encodeResponseCollection,
  requestTypes,
  type RequestSecurityToken,
} from '@greenscreen/wire/wstep';
import { soundRequest } from '../../enrollment/issue/certificate-request.js';
import { identifiersArePlausible } from '../../enrollment/issue/identifiers.js';
import { deviceAuthority } from '../../enrollment/issue/issue-certificate.js';
import { decoded, soapReply } from '../../enrollment/soap-request.js';
import { type MdmServices } from '../../mdm-services.js';
import { FleetServer } from '../fleet-server.js';
import { authenticateFleet, type FleetPrincipal } from '../token/authenticate.js';
import { enrollAtFleet } from './enroll-device.js';
import { fleetDocument } from './provisioning-document.js';

/** A request for enrollment at a Fleet server, as far as it has been checked. */
export class FleetEnrollmentRequest {
  server: FleetServer;
  message: SoapMessage;
  rst: RequestSecurityToken;
  principal: FleetPrincipal;
  context: ContextItems;
  csr: Csr;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

async function serverIsKnown(state: FleetEnrollmentRequest): Promise<void> {
  state.server = await FleetServer.ofRequest(state.mdm, 'mdm.TenantNotFound');
}

function messageIsIssue(state: FleetEnrollmentRequest): void {
  state.message = decoded(() => decodeSoap(state.body));
  state.rst = decoded(() => decodeRequestSecurityToken(state.message));
  const { tokenType, requestType } = state.rst;
  if (tokenType !== DEVICE_ENROLLMENT_TOKEN || requestType !== requestTypes.issue) throw new Fault('mdm.MessageFormat');
}

async function tokenIsValid(state: FleetEnrollmentRequest): Promise<void> {
  state.principal = await authenticateFleet(state.mdm, state.server, state.message);
}

/** Two more than Intune's routes ask for (reference 04, 3.1). */
const required = ['DeviceID', 'EnrollmentType', 'DeviceType', 'OSVersion', 'HWDevID', 'OSEdition'] as const;

function contextIsComplete(state: FleetEnrollmentRequest): void {
  const context = new ContextItems(state.rst.context);
  const missing = required.find((name) => !context.get(name));
  if (missing !== undefined) throw new Fault('fleet.ItemMissing', { item: missing });
  if (!['Device', 'Full'].includes(context.get('EnrollmentType') ?? ''))
    throw new Fault('mdm.InvalidEnrollmentData', { item: 'EnrollmentType' });
  identifiersArePlausible(context);
  state.context = context;
  const serial = context.get('SerialNumber');
  if (serial) currentExchange().serial = serial;
}

function certificateRequestIsSound(state: FleetEnrollmentRequest): void {
  const { request } = state.rst;
  if (request?.valueType !== csrTypes.pkcs10) throw new Fault('mdm.CertificateRequest');
  state.csr = soundRequest(request.der);
}

const enrollChecks: readonly Check<FleetEnrollmentRequest>[] = [
  serverIsKnown,
  messageIsIssue,
  tokenIsValid,
  contextIsComplete,
  certificateRequestIsSound,
];

/** RequestSecurityToken at a Fleet server (reference 04, section 8). */
export async function fleetEnrollOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const request = new FleetEnrollmentRequest(mdm, body);
  await runChecks(request, enrollChecks);
  const { server, message, context } = request;
  const now = await mdm.clock.now(server.tenant.id);
  const authorities = await deviceAuthority(mdm);
  const { enrollment, certificate } = await mdm.transaction((em) => enrollAtFleet(em, request, authorities.ca, now));
  const document = fleetDocument({ server, enrollment, certificate, ...authorities, deviceName: context.get('DeviceName') ?? '' });
  return soapReply(encodeResponseCollection({ relatesTo: message.messageId, created: now, document }));
}
