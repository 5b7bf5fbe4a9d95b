import { createHash } from 'node:crypto';
import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { spkiOf } from '@greenscreen/crypto/keys';
import { CertificateError, decodeCertificate } from '@greenscreen/crypto/x509';
import {
  decodeJoinResponse,
  encodeJoinRequest,
  type JoinAttributes,
  joinTypeNames,
  joinTypes,
  type ReceivedJoin,
} from '@greenscreen/wire/drs';
import { encodeAttestationData } from '@greenscreen/wire/oauth';
import { DeploymentError, type DeviceResponse, NetworkError, osVersion } from '../context/index.js';
import { type TpmKey } from '../tpm/index.js';
import { type DeviceKeys, evictDeviceKeys, keyBlob } from './device-keys.js';
import { type RegistrationService } from './discover.js';
import { dsregErrors, errorData, jsonOf, refusalOf } from './drs-hresult.js';
import { callDrs } from './dsreg-call.js';
import { type DsregContext } from './dsreg-context.js';
import { joinCsr } from './join-csr.js';
import { type Registration } from './registration.js';
import { certificateStoreOf, enrollmentStubName, writeRegistration } from './registration-store.js';

export interface JoinInput {
  readonly service: RegistrationService;
  /** Access token for the service, of the device or of the user. */
  readonly token: string;
  /** `TargetDomain`. */
  readonly domain: string;
  readonly tenantId: string;
  readonly keys: DeviceKeys;
  readonly computerName: string;
}

export interface UserlessJoinInput extends JoinInput {
  /** Certificate: DER. */
  readonly aik: { readonly key: TpmKey; readonly certificate: Buffer };
  /** Device ticket made out to the registration service (`t=…`). */
  readonly ticket: string;
}

export interface UserJoinInput extends JoinInput {
  readonly user: { readonly upn: string };
  /** Leads to the device's Autopilot object; without one a new object is made (reference 05, 109). */
  readonly ticket?: string | undefined;
  /** Entra join unless given. */
  readonly joinType?: number | undefined;
}

/** How one kind of join differs from the other. */
interface Terms {
  readonly joinType: number;
  readonly attributes: JoinAttributes;
  /** Placeholder or user. */
  readonly userEmail: string;
  readonly stubUpn: string;
  readonly attest?: (csr: Buffer) => Promise<{ aikCertificate: Buffer; attestationData: string }>;
}

/**
 * The userless join of a pre-created object (reference 05, T11; 06, D-A23): device token and ticket, AIK certificate, and the AIK's statement
 * about the transport key. Events 102 to 106 and 111; 203 to 205, 237, 238 when it fails. Throws DeploymentError; no answer at all is a
 * NetworkError.
 */
export function joinUserless(context: DsregContext, input: UserlessJoinInput): Promise<Registration> {
  const { aik, ticket, keys, domain } = input;
  return join(context, input, {
    joinType: joinTypes.deviceAutoDdid,
    attributes: { reuseDevice: true, returnClientSid: true, sharedDevice: false, deviceJoinTicket: ticket },
    userEmail: `autopilot@${domain}`,
    stubUpn: `fooUser@${domain}`,
    attest: async (csr) => {
      const qualifyingData = createHash('sha256').update(csr).digest();
      const statement = await context.tpm.certify(keys.transport, aik.key, qualifyingData);
      return { aikCertificate: aik.certificate, attestationData: encodeAttestationData(statement) };
    },
  });
}

/** The join with a user's token (reference 05, U5). Events and errors as {@link joinUserless}. */
export function joinUser(context: DsregContext, input: UserJoinInput): Promise<Registration> {
  const { user, ticket, joinType = joinTypes.entraJoin } = input;
  return join(context, input, {
    joinType,
    attributes: { reuseDevice: true, returnClientSid: true, sharedDevice: false, userJoinTicket: ticket },
    userEmail: user.upn,
    stubUpn: user.upn,
  });
}

async function join(context: DsregContext, input: JoinInput, terms: Terms): Promise<Registration> {
  const activityId = context.random.uuid();
  try {
    const answer = await send(context, input, terms, activityId);
    return await install(context, input, terms, answer, activityId);
  } catch (error) {
    // Nothing will ever ask for these keys again: the next attempt makes its own (reference 05, 57).
    await evictDeviceKeys(context, input.keys);
    throw error;
  }
}

async function send(context: DsregContext, input: JoinInput, terms: Terms, activityId: string): Promise<ReceivedJoin> {
  const { events, traits } = context;
  const { service, keys, domain } = input;
  const { joinType, attributes } = terms;
  const name = joinTypeNames[joinType] ?? 'UNKNOWN';
  events.emit('udr', 102, { ActivityId: activityId, JoinRequest: joinType, JoinRequestName: name, Domain: domain });
  const csr = await joinCsr(context, keys.device);
  const body = encodeJoinRequest({
    joinType,
    csr,
    transportKey: keyBlob(keys.transport),
    ...(await terms.attest?.(csr)),
    targetDomain: domain,
    deviceType: 'Windows',
    osVersion: osVersion(traits),
    deviceDisplayName: input.computerName,
    attributes,
  });
  const response = await post(context, { service, token: input.token, body, activityId });
  const { status } = response;
  try {
    if (status !== 200) throw refusalOf(response);
    const answer = decodeJoinResponse(jsonOf(response));
    if (!answer) throw new DeploymentError(dsregErrors.malformed, 'The answer has no certificate');
    events.emit('udr', 104, { ActivityId: activityId, Response: response.text() });
    return answer;
  } catch (error) {
    if (error instanceof DeploymentError)
      events.emit('udr', 204, { ActivityId: activityId, Status: status, Response: response.text(), ...errorData(error.hresult) });
    throw error;
  }
}

interface Post {
  readonly service: RegistrationService;
  readonly token: string;
  readonly body: string;
  readonly activityId: string;
}

async function post(context: DsregContext, { service, token, body, activityId }: Post): Promise<DeviceResponse> {
  const url = `${service.joinEndpoint}?api-version=${encodeURIComponent(service.joinServiceVersion)}`;
  try {
    const response = await callDrs(context, { operation: 'Join', method: 'POST', url, activityId, bearer: token, body });
    context.events.emit('udr', 103, { ActivityId: activityId });
    return response;
  } catch (error) {
    // 203: the request did not get out; 204: nothing came back (reference 05, 7).
    if (error instanceof NetworkError)
      context.events.emit('udr', error.hresult === 0x80072ee7 ? 203 : 204, { ActivityId: activityId, ...errorData(error.hresult) });
    throw error;
  }
}

/** Puts the certificate where it belongs, with its key in the TPM, and writes the registration down. */
async function install(
  context: DsregContext,
  { service, domain, tenantId, keys }: JoinInput,
  { joinType, userEmail, stubUpn }: Terms,
  answer: ReceivedJoin,
  activityId: string,
): Promise<Registration> {
  const { events, stores, timeline } = context;
  const deviceId = checkedDeviceId(context, answer, keys, activityId);
  const certificate = stores.add(certificateStoreOf(joinType), answer.certificate, { kind: 'tpm', handle: keys.device.handle });
  const enrollmentStub = enrollmentStubName(context);
  const registration: Registration = { joinType, deviceId, tenantId, domain, certificate, keys, userEmail, service, enrollmentStub };
  writeRegistration(context, registration, stubUpn);
  events.emit('udr', 105, { ActivityId: activityId, DeviceId: deviceId, Thumbprint: certificate.thumbprint });
  for (const sid of answer.addedSids) timeline.note({ kind: 'local', what: `${sid} joins the local Administrators` });
  events.emit('udr', 106, { ActivityId: activityId, TenantId: tenantId });
  events.emit('udr', 111, { JoinType: joinType, TenantId: tenantId, UserEmail: userEmail });
  return registration;
}

/** The device id of a certificate that is for the key of this join; anything else is of no use (reference 05, 57; code inferred). */
function checkedDeviceId({ events }: DsregContext, answer: ReceivedJoin, { device }: DeviceKeys, activityId: string): string {
  const fail = (event: number, message: string, cause?: unknown): DeploymentError => {
    const data = { ActivityId: activityId, ...errorData(dsregErrors.certificateDefect) };
    events.emit('udr', event, data);
    events.emit('udr', 205, data);
    return new DeploymentError(dsregErrors.certificateDefect, message, { cause });
  };
  try {
    const { spki } = decodeCertificate(answer.certificate);
    if (!spki.equals(spkiOf(device.publicKey))) throw fail(238, 'The certificate is for another key');
    const { subject } = readDeviceCertificate(answer.certificate);
    if (subject === undefined) throw fail(237, 'The certificate names no device');
    return subject.toLowerCase();
  } catch (error) {
    if (error instanceof CertificateError) throw fail(237, 'The certificate is not usable', error);
    throw error;
  }
}
