import { CmsError, decodeSignedData, verifySignedData } from '@greenscreen/crypto/cms';
import { type Csr } from '@greenscreen/crypto/pkcs10';
import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { isLive, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type SoapMessage } from '@greenscreen/wire/soap';
import { encodeRenewedCertificate, encodeWapDocument } from '@greenscreen/wire/wap';
import { csrTypes, DEVICE_ENROLLMENT_TOKEN, encodeResponseCollection, type RequestSecurityToken } from '@greenscreen/wire/wstep';
import { identifyEnrollment, type MdmIdentity, MdmIdentityError, noteEnrollment } from '../../device-identity/index.js';
import { type MdmServices } from '../../mdm-services.js';
import { soundRequest } from '../issue/certificate-request.js';
import { deviceAuthority, issueCertificateFor } from '../issue/issue-certificate.js';
import { renewPeriodDays } from '../policy/enrollment-policy.js';
import { soapReply } from '../soap-request.js';

const DAY_MS = 86_400_000;

class Renewal {
  identity: MdmIdentity;
  csr: Csr;

  constructor(
    readonly mdm: MdmServices,
    readonly rst: RequestSecurityToken,
    readonly presented: { readonly der: Buffer } | undefined,
  ) {}
}

function messageIsRenewal({ rst }: Renewal): void {
  if (rst.tokenType !== DEVICE_ENROLLMENT_TOKEN) throw new Fault('mdm.MessageFormat');
}

/** The current certificate in the handshake is the credential: there is no token (reference 04, 3.8; 06 D-B19). */
async function clientCertificateIsCurrent(state: Renewal): Promise<void> {
  const { mdm, presented } = state;
  try {
    state.identity = await identifyEnrollment(mdm.em, presented, (tenantId) => mdm.clock.now(tenantId));
  } catch (error) {
    if (!(error instanceof MdmIdentityError)) throw error;
    // A certificate that has run out is one that is late for renewal (06 D-B53).
    throw new Fault(error.problem === 'expired' ? 'mdm.NotEligibleToRenew' : 'mdm.InvalidSecurity', {}, { cause: error });
  }
  noteEnrollment(state.identity.enrollment);
}

/** A CMS message signed by that very certificate, with the new request inside. */
function requestIsSignedByIt(state: Renewal): void {
  const { rst, identity } = state;
  if (rst.request?.valueType !== csrTypes.pkcs7) throw new Fault('mdm.CertificateRequest');
  try {
    const signed = decodeSignedData(rst.request.der);
    if (!verifySignedData(signed).der.equals(identity.certificate.der)) throw new Fault('mdm.InvalidSecurity');
    state.csr = soundRequest(signed.content);
  } catch (error) {
    if (error instanceof CmsError) throw new Fault('mdm.InvalidSecurity', {}, { cause: error });
    throw error;
  }
}

async function renewalIsDue({ mdm, identity: { certificate, tenant } }: Renewal): Promise<void> {
  const opens = certificate.notAfter.getTime() - renewPeriodDays(tenant) * DAY_MS;
  if ((await mdm.clock.now(tenant.id)).getTime() < opens) throw new Fault('mdm.NotEligibleToRenew');
}

const renewChecks: readonly Check<Renewal>[] = [messageIsRenewal, clientCertificateIsCurrent, requestIsSignedByIt, renewalIsDue];

/** `RequestSecurityToken`, Renew: a new certificate for the same enrollment; the old one counts until the new one is used (04, 3.8). */
export async function renewOperation(
  mdm: MdmServices,
  message: SoapMessage,
  rst: RequestSecurityToken,
  presented: { readonly der: Buffer } | undefined,
): Promise<Reply> {
  const state = new Renewal(mdm, rst, presented);
  await runChecks(state, renewChecks);
  const {
    csr,
    identity: { tenant },
  } = state;
  const { id, certificateStore: store } = state.identity.enrollment;
  const now = await mdm.clock.now(tenant.id);
  const { ca } = await deviceAuthority(mdm);
  const { thumbprint, der } = await mdm.transaction(async (em) => {
    // It may have ended since the certificate was looked at.
    const enrollment = await em.findOneOrFail(MdmEnrollment, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!isLive(enrollment.state)) throw new Fault('mdm.InvalidSecurity');
    return issueCertificateFor(em, { enrollment, tenant, ca, spki: csr.spki, now });
  });
  const document = encodeWapDocument([encodeRenewedCertificate({ thumbprint, der, store })]);
  return soapReply(encodeResponseCollection({ relatesTo: message.messageId, created: now, document }));
}
