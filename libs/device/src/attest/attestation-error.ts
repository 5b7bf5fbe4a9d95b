import { DeploymentError, hresultOfStatus, NetworkError } from '../context/index.js';
import { TpmError } from '../tpm/index.js';

/** HRESULTs of "Securing your hardware" (reference 03, 5.1; 05, B.3). */
export const attestErrors = {
  /** ERROR_FILE_NOT_FOUND */
  missingItem: 0x80070002,
  /** ERROR_NOT_FOUND: AMD parts whose EK certificate cannot be found. */
  notFound: 0x80070490,
  /** ERROR_TIMEOUT */
  timeout: 0x800705b4,
  /** ERROR_INVALID_STATE: the identity is not attested [our choice]. */
  notAttested: 0x8007139f,
  /** CRYPT_E_ASN1_BADTAG: an answer that cannot be read [our choice]. */
  unreadable: 0x8009310b,
  /** CERT_E_EXPIRED, also for what is not valid yet. */
  notTimeValid: 0x800b0101,
  untrustedRoot: 0x800b0109,
  wrongUsage: 0x800b0110,
  /** E_AUTOPILOT_CLIENT_TPM_MAX_ATTESTATION_RETRY_EXCEEDED */
  attemptsExceeded: 0x81039001,
  /** Defect of Windows 11 21H2 before KB5013943. */
  windowsDefect: 0x81039023,
  vulnerableTpm: 0x81039024,
} as const;

/** The TPM configuration failed. `final` says that no further attempt would help. */
export class AttestationError extends DeploymentError {
  constructor(
    hresult: number,
    message: string,
    readonly final = false,
    options?: ErrorOptions,
  ) {
    super(hresult, message, options);
    this.name = 'AttestationError';
  }
}

/** An HTTP error by its status; no more of the body than a line of a log. */
export const refused = (what: string, status: number, text = ''): AttestationError =>
  new AttestationError(hresultOfStatus(status), `${what}: HTTP ${status}${text === '' ? '' : ` ${text}`}`);

/**
 * What Windows shows for a TPM_RC: 0x80280000 and the code, of format-one codes without the number of the handle, parameter or session
 * (reference 03, section 3: integrity is 0x8028009F).
 */
export const hresultOfTpm = (code: number): number => (0x80280000 + ((code & 0x80) === 0 ? code : code & 0xbf)) >>> 0;

/** Failures of the TPM and of the network as failures of the attempt; everything else is thrown as it is. */
export function asAttestationError(error: unknown): AttestationError {
  if (error instanceof AttestationError) return error;
  if (error instanceof TpmError) return new AttestationError(hresultOfTpm(error.code), error.message, false, { cause: error });
  if (error instanceof NetworkError || error instanceof DeploymentError)
    return new AttestationError(error.hresult, error.message, false, { cause: error });
  throw error;
}
