import { decodeDrsError, type ReceivedDrsError } from '@greenscreen/wire/drs';
import { DeploymentError, type DeviceResponse, hex } from '../context/index.js';

/** dsreg's codes for what the registration service answers (reference 06, D-A30). */
export const dsregErrors = {
  malformed: 0x801c0001,
  authentication: 0x801c0002,
  certificateDefect: 0x801c0004,
  unavailable: 0x801c0025,
  tenantNotFound: 0x801c003a,
  notAuthorized: 0x801c03ea,
  otherStatus: 0x801c03eb,
  serverError: 0x801c03ec,
  invalidRequest: 0x801c03ed,
  /** ERROR_INVALID_DATA: a body that is not JSON, such as a proxy's page. */
  notJson: 0x8007000d,
} as const;

/** Code, then Subcode; a Subcode that is not listed reads as none. */
const refusals: Readonly<Record<string, { readonly hresult: number; readonly subcodes: Readonly<Record<string, number>> }>> = {
  authenticationerror: {
    hresult: dsregErrors.authentication,
    subcodes: {
      devicenotfound: 0x801c03f3,
      devicedisabled: dsregErrors.authentication,
      mfarequired: dsregErrors.invalidRequest,
      aikvalidationfailed: 0x801c0010,
      aikexpired: 0x801c03ef,
      attestationfailed: 0x801c0011,
    },
  },
  authorizationerror: { hresult: 0x801c0003, subcodes: { devicequotaexceeded: 0x801c000e } },
  invalidparameter: { hresult: dsregErrors.invalidRequest, subcodes: {} },
  directoryerror: { hresult: 0x801c03f2, subcodes: {} },
};

/** What Windows shows for a refusal: it looks at 503, then 401, then the body, then the status (reference 06, D-A30). */
export function hresultOfDrs(status: number, refusal: ReceivedDrsError | undefined): number {
  if (status === 503) return dsregErrors.unavailable;
  if (status === 401) return dsregErrors.notAuthorized;
  const known = status === 400 || status === 403 ? refusals[refusal?.code.toLowerCase() ?? ''] : undefined;
  if (known) return known.subcodes[refusal?.subcode?.toLowerCase() ?? ''] ?? known.hresult;
  return status === 500 ? dsregErrors.serverError : dsregErrors.otherStatus;
}

/** The JSON of an answer; 0x8007000d when it is none. */
export function jsonOf(response: DeviceResponse): unknown {
  try {
    return response.json();
  } catch (error) {
    throw new DeploymentError(dsregErrors.notJson, `The answer to ${response.status} is not JSON`, { cause: error });
  }
}

/** A refusal as an error; its text is the service's where it has one. */
export function refusalOf(response: DeviceResponse): DeploymentError {
  const refusal = decodeDrsError(parsed(response));
  const hresult = hresultOfDrs(response.status, refusal);
  return new DeploymentError(hresult, refusal?.message || `The registration service answered ${response.status}`);
}

function parsed(response: DeviceResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}

/** `HRESULT` and what was said, as events carry them. */
export const errorData = (hresult: number): { HRESULT: string } => ({ HRESULT: hex(hresult) });
