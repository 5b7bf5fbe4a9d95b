import { type EkCertificateContent, readEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { type Certificate, CertificateError, thumbprint } from '@greenscreen/crypto/x509';
import { hex } from '../../context/index.js';
import { type AttestContext } from '../attest-context.js';
import { AttestationError, attestErrors } from '../attestation-error.js';
import { type SecuringTimer } from '../securing-timer.js';
import { fetchEkCertificate } from './ek-service.js';
import { findIssuers } from './issuers.js';

/** Where Windows keeps EK certificates that it fetched. */
const EK_STORE_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\TPM\\WMI\\Endorsement\\EKCertStore\\Certificates';
/** Between two visits of the task to a vendor that does not answer [our choice]. */
const SERVICE_WAIT_MS = 30_000;

/** The EK's certificate, and the authorities above it as far as they were found. */
export interface EndorsementCertificate {
  readonly ek: EkCertificateContent;
  readonly issuers: readonly Certificate[];
}

/**
 * The TPM maintenance task: the EK certificate from NV, or from the vendor's service (reference 05, T7 step 2; events 151, 208 or 209, 186,
 * 152). A vendor that is in trouble is asked again until the page stops waiting. Throws AttestationError.
 */
export async function runMaintenanceTask(context: AttestContext, timer: SecuringTimer): Promise<EndorsementCertificate> {
  const { events } = context;
  events.emit('autopilot', 151);
  const found = await locate(context, timer);
  events.emit('autopilot', found ? 208 : 209);
  events.emit('autopilot', 186);
  events.emit('autopilot', 152);
  if (!found) {
    events.emit('autopilot', 210);
    throw missing(context);
  }
  return { ek: found, issuers: await findIssuers(context, found.certificate) };
}

/** AMD's parts are the ones that Windows gives up on at once (reference 05, 35). */
const missing = ({ traits }: AttestContext): AttestationError =>
  new AttestationError(attestErrors.notFound, 'The TPM has no EK certificate', traits.tpm.vendor === 'AMD');

async function locate(context: AttestContext, timer: SecuringTimer): Promise<EkCertificateContent | undefined> {
  const stored = await certificateInNv(context);
  const der = stored ?? (await fetchPatiently(context, timer));
  return der && readable(der);
}

async function fetchPatiently(context: AttestContext, timer: SecuringTimer): Promise<Buffer | undefined> {
  for (let reported = false; ; reported = true) {
    const answer = await fetchEkCertificate(context);
    timer.check();
    if (!answer || answer.kind === 'unknown') return undefined;
    if (answer.kind === 'empty') throw new AttestationError(attestErrors.missingItem, 'The EK service answered with nothing', true);
    if (answer.kind === 'certificate') {
      keep(context, answer.der);
      return answer.der;
    }
    if (!reported) context.events.emit('autopilot', 209);
    await timer.wait(SERVICE_WAIT_MS, `The EK service does not answer (${hex(answer.hresult)}): the task asks again`);
  }
}

/** Windows passes over an on-die certificate of Intel's when it does not know such authorities (reference 05, 36). */
const certificateInNv = async ({ tpm, traits }: AttestContext): Promise<Buffer | undefined> =>
  traits.tpm.vendor === 'INTC' && traits.tpm.ek.odcaSupported === false ? undefined : tpm.readEkCertificate();

/** DER of the EK certificate that the device has already, from NV or from an earlier visit to the vendor. */
export async function storedEkCertificate(context: AttestContext): Promise<Buffer | undefined> {
  const { registry } = context;
  const [fetched] = registry.subkeys(EK_STORE_KEY);
  const der = (await certificateInNv(context)) ?? (fetched === undefined ? undefined : registry.get(`${EK_STORE_KEY}\\${fetched}`, 'Blob'));
  return Buffer.isBuffer(der) ? readable(der).certificate.der : undefined;
}

/** Instead of what was fetched before. */
function keep({ registry, timeline }: AttestContext, der: Buffer): void {
  registry.deleteKey(EK_STORE_KEY);
  registry.set(`${EK_STORE_KEY}\\${thumbprint(der)}`, 'Blob', der);
  timeline.note({ kind: 'local', what: 'The EK certificate was fetched from the vendor and stored' });
}

function readable(der: Buffer): EkCertificateContent {
  try {
    return readEkCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) throw new AttestationError(attestErrors.unreadable, error.message, false, { cause: error });
    throw error;
  }
}
