import { DeploymentError } from '../context/index.js';
import { type ReceivedFault } from '@greenscreen/wire/soap';

/** Codes that the device finds by itself (reference 05, B.0; Windows SDK). */
export const menroll = {
  alreadyEnrolled: 0x8018000a,
  /** Discovery answered with an AuthPolicy that Windows does not know (reference 04, 1.3). */
  unknownAuthPolicy: 0x80180006,
  insecureRedirect: 0x8018001a,
  certificateStore: 0x8018001e,
  dmClient: 0x80180020,
  /** PROV_CSP_MISC: what Windows Home says after the document was applied (06 D-B17). */
  miscellaneous: 0x80180022,
  /** What is shown for an account that could not be created (reference 04, 3.5 rule 8). */
  provisioning: 0x80180023,
  /** The request's private key could not be made (reference 05, B77). */
  privateKey: 0x80180027,
  /** CERTAUTH_FAILED_TO_FIND_CERT: the certificate does not fit the key or its node (reference 05, B77). */
  certificateNotFound: 0x80180028,
  emptyMessage: 0x80180029,
} as const;

/** E_INVALIDARG. */
export const INVALID_ARGUMENT = 0x80070057;
/** A top-level characteristic that nobody serves: event 56 (reference 04, 3.5 rule 11). */
export const UNKNOWN_CHARACTERISTIC = 0x83750005;

/** MDM enrollment failed, with the fault when the service sent one. */
export class EnrollmentError extends DeploymentError {
  constructor(
    hresult: number,
    message: string,
    readonly details: { readonly status?: number; readonly fault?: ReceivedFault; readonly retryAfter?: string } = {},
    options?: ErrorOptions,
  ) {
    super(hresult, message, options);
    this.name = 'EnrollmentError';
  }
}
