import { type OAuthError } from '@greenscreen/wire/oauth';

/** The token service refused, or answered something that is no token. */
export class TokenServiceError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** The refusal; undefined when the body was none. */
    readonly refusal: OAuthError | undefined,
  ) {
    super(refusal ? `${refusal.error}: ${refusal.description}` : `The token service answered ${status} without a token`);
    this.name = 'TokenServiceError';
  }

  /** AADSTS number; 0 when there is none. */
  get code(): number {
    return this.refusal?.codes[0] ?? 0;
  }
}

/** What Windows shows when a join cannot get its device token; anything that is not listed is 0x801c03ea (reference 06, D-A22). */
const bySuberror: Readonly<Record<string, number>> = {
  aik_invalid: 0x801c0010,
  aik_expired: 0x801c03ef,
  attestation_invalid: 0x801c0011,
  ek_mismatch: 0x801c03ea,
  device_not_registered: 0x801c03f3,
  ticket_invalid: 0x801c03ea,
};
export const DEVICE_TOKEN_FAILED = 0x801c03ea;

export const hresultOfUserlessSignIn = ({ refusal }: TokenServiceError): number =>
  bySuberror[refusal?.suberror ?? ''] ?? DEVICE_TOKEN_FAILED;

/** NTSTATUS of a failed sign-in to Windows (reference 02, 6 [doc]). */
export function ntStatusOfSignIn({ status, code }: TokenServiceError): number {
  if (status > 400) return 0xc00000be; // STATUS_BAD_NETWORK_PATH: "network-type status"
  if (code === 50126) return 0xc000006a; // STATUS_WRONG_PASSWORD
  if (code === 50034 || code === 50020) return 0xc000006d; // STATUS_LOGON_FAILURE
  return 0xc00000d0; // STATUS_REQUEST_NOT_ACCEPTED
}
/** The PRT's ID token has no SID of the user. */
export const USER_SID_MISSING = 0xc0048442;
