import { createHash } from 'node:crypto';
import { type KeyAlgorithm, type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { SoapError, tokenTypes } from '@greenscreen/wire/soap';
import { type ProvisioningDocument } from '@greenscreen/wire/wap';
import { decodeResponseCollection, encodeIssueRequest } from '@greenscreen/wire/wstep';
import { type ReceivedPolicy } from '@greenscreen/wire/xcep';
import { hex, NetworkError, type StoredCertificate } from '../context/index.js';
import { installCertificates, readDocument } from './apply.js';
import { contextItems, type EnrollmentAttestation, type EnrollmentMode } from './context-items.js';
import { windowsCsr } from './csr.js';
import { discoverEnrollment, type EnrollmentService } from './discover.js';
import { EnrollmentError, menroll } from './enrollment-error.js';
import { type HeaderToken, requestPolicy } from './policy.js';
import { dmDeviceId, existingEnrollment, writeEnrollment, writeLastFault } from './registry.js';
import { withRetries } from './retry.js';
import { callSoap, type EnrollContext, unusable } from './soap-call.js';

export interface EnrollmentInput {
  /** Discovery address: of the MDM list, or the `mdm_enrollment_url` claim. */
  readonly discoveryUrl: string;
  /** The user's name, or the placeholder `fooUser@<tenant domain>` (06 D-B18). */
  readonly upn: string;
  /** Access token for `resource`, of the device or of the user; without Entra, the service's own sign-in gives one. */
  readonly accessToken: string | ((service: EnrollmentService) => Promise<string>);
  /** `https://enrollment.manage.microsoft.com/`; empty without Entra, as the tenant is. */
  readonly resource: string;
  readonly tenantId: string;
  readonly mode: EnrollmentMode;
  /** `ZtdRegistrationId` of the profile; `ZtdCorrelationId` only of an offline one. */
  readonly ztdRegistrationId?: string | undefined;
  readonly ztdCorrelationId?: string | undefined;
  /** Computer name. */
  readonly deviceName: string;
  readonly domainName?: string | undefined;
  /** Has the AIK speak for the request's key; the qualifying data is SHA-256 of its SubjectPublicKeyInfo. */
  readonly attest?: ((qualifyingData: Buffer) => Promise<EnrollmentAttestation>) | undefined;
  /** No attempt begins later: the page's timer (06 D-B27). */
  readonly deadline?: Date | undefined;
}

/** An enrolled device: what OMA-DM works with from here on, without Entra (reference 04, 6.1). */
export interface MdmEnrollment {
  /** Name of the `Enrollments` key, lower case, without braces; not Intune's id. */
  readonly enrollmentId: string;
  /** RST `DeviceID`: Source of SyncML messages. */
  readonly deviceId: string;
  readonly upn: string;
  readonly tenantId: string;
  readonly service: EnrollmentService;
  readonly certificate: StoredCertificate;
  readonly keys: KeyPair;
  /** Account, renewal, and the nodes to set in the management tree. */
  readonly document: ProvisioningDocument;
}

/**
 * Enrolls in MDM (MS-MDE2): Discover, GetPolicies, RequestSecurityToken, and applies what comes back. Throws {@link EnrollmentError} with
 * the HRESULT that Windows shows, or NetworkError when there was no answer.
 */
export async function enrollInMdm(context: EnrollContext, input: EnrollmentInput): Promise<MdmEnrollment> {
  const existing = existingEnrollment(context.registry);
  if (existing !== undefined) throw new EnrollmentError(menroll.alreadyEnrolled, `The device is enrolled as ${existing}`);
  const enrollmentId = context.random.uuid();
  try {
    return await withRetries(context, input.deadline, () => attempt(context, input, enrollmentId));
  } catch (error) {
    report(context, enrollmentId, error);
    throw error;
  }
}

async function attempt(context: EnrollContext, input: EnrollmentInput, enrollmentId: string): Promise<MdmEnrollment> {
  const service = await discoverEnrollment(context, {
    discoveryUrl: input.discoveryUrl,
    emailAddress: input.upn,
    requestVersion: requestVersionOf(context.traits.osBuild),
  });
  const token = await tokenOf(input, service);
  const policy = await requestPolicy(context, service.policyUrl, token);
  if (context.traits.enroll?.keyFault) throw new EnrollmentError(menroll.privateKey, "The request's private key could not be made");
  const keys = await context.keys.take(algorithmOf(policy));
  const deviceId = dmDeviceId(context.registry, context.random);
  const bytes = await requestToken(context, service.enrollmentUrl, {
    to: service.enrollmentUrl,
    token,
    csr: windowsCsr({
      keys,
      deviceId,
      guid: context.random.uuid(),
      hash: policy.hashOid === SHA256 ? 'sha256' : 'sha1',
      subjectEncoding: buildOf(context.traits.osBuild) >= UTF8_SUBJECT ? 'utf8' : 'printable',
    }),
    context: await itemsOf(context, input, { service, deviceId, keys }),
  });
  const document = readDocument(bytes);
  // Windows Home goes as far as this, and the service does not know (06 D-B17).
  if (context.traits.edition === 'Core') throw new EnrollmentError(menroll.miscellaneous, 'This edition of Windows cannot be managed');
  const certificate = installCertificates(context, document, keys);
  const enrollment = { enrollmentId, deviceId, upn: input.upn, tenantId: input.tenantId, service, certificate, keys, document };
  finish(context, input, enrollment);
  return enrollment;
}

/** What an Entra token and one of the service's own sign-in are called (reference 04, 2.2). */
const tokenOf = async ({ accessToken }: EnrollmentInput, service: EnrollmentService): Promise<HeaderToken> =>
  typeof accessToken === 'string'
    ? { valueType: tokenTypes.jwt, text: accessToken }
    : { valueType: tokenTypes.user, text: await accessToken(service) };

/** 2.16.840.1.101.3.4.2.1 */
const SHA256 = '2.16.840.1.101.3.4.2.1';
/** Builds that write the request's subject as UTF8String (reference 04, 3.2). */
const UTF8_SUBJECT = 26_100;

const buildOf = (osBuild: string): number => Number(osBuild.split('.')[0]);

/** RequestVersion by build (reference 04, 1.2). */
function requestVersionOf(osBuild: string): string {
  const build = buildOf(osBuild);
  if (build >= 26_200) return '9.0';
  return build >= 22_621 ? '6.0' : '4.0';
}

/** Smallest key that the policy takes. */
function algorithmOf({ minimalKeyLength }: ReceivedPolicy): KeyAlgorithm {
  if (minimalKeyLength <= 2048) return 'rsa2048';
  return minimalKeyLength <= 3072 ? 'rsa3072' : 'rsa4096';
}

async function itemsOf(
  context: EnrollContext,
  input: EnrollmentInput,
  { service, deviceId, keys }: { readonly service: EnrollmentService; readonly deviceId: string; readonly keys: KeyPair },
) {
  const attestation = await input.attest?.(createHash('sha256').update(spkiOf(keys.publicKey)).digest());
  const items = contextItems(context.traits, { ...input, deviceId, version: service.version, attestation });
  // Reference 05, C.2: `device.enroll.omit`.
  return items.filter(({ name }) => context.traits.enroll?.omit.includes(name) !== true);
}

async function requestToken(context: EnrollContext, url: string, call: Parameters<typeof encodeIssueRequest>[0]): Promise<Buffer> {
  const body = await callSoap(context, { service: 'mdm-enroll', operation: 'RST', url, body: encodeIssueRequest(call) });
  try {
    return decodeResponseCollection(body);
  } catch (error) {
    if (error instanceof SoapError) throw unusable(body);
    throw error;
  }
}

function finish(context: EnrollContext, input: EnrollmentInput, { enrollmentId, service, certificate, document }: MdmEnrollment): void {
  const { providerId } = document.account;
  writeEnrollment(context.registry, {
    enrollmentId,
    throughEntra: typeof input.accessToken === 'string',
    providerId,
    upn: input.upn,
    discoveryUrl: service.discoveryUrl,
    federated: service.authPolicy === 'Federated',
    keyContainer: `ConfigMgrEnrollment${enrollmentId}`,
    certificateThumbprint: certificate.thumbprint,
    rootThumbprint: document.certificates.root.thumbprint,
    resource: input.resource,
    tenantId: input.tenantId,
    renewal: document.renewal,
  });
  context.timeline.note({ kind: 'local', what: `DM account "${providerId}" and its schedule were created` });
  context.events.emit('dmedp', 72, { ProviderID: providerId, EnrollmentID: enrollmentId });
}

/** Events 52 (the fault) and 71 (the code), and what the enrollment key keeps of a fault (06 D-B60). */
function report({ events, registry }: EnrollContext, enrollmentId: string, error: unknown): void {
  if (error instanceof EnrollmentError && error.details.fault) {
    const { subcode, reason, traceId, errorType } = error.details.fault;
    events.emit('dmedp', 52, { Subcode: subcode, ErrorType: errorType, Reason: reason });
    writeLastFault(registry, enrollmentId, traceId, errorType.includes('CustomServerError') ? reason : undefined);
  }
  if (error instanceof EnrollmentError || error instanceof NetworkError) events.emit('dmedp', 71, { HRESULT: hex(error.hresult) });
}
