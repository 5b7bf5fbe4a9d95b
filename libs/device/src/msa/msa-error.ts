import { DeploymentError, type DeviceResponse } from '../context/index.js';

/** login.live.com refused, or answered something that is no answer of it. */
export class MsaError extends DeploymentError {
  constructor(
    hresult: number,
    message: string,
    /** Of an HTTP error: the service may be in trouble, or want to be left alone for a while. */
    readonly http: { readonly status?: number; readonly retryAfter?: string } = {},
    options?: ErrorOptions,
  ) {
    super(hresult, message, options);
    this.name = 'MsaError';
  }
}

/** ERROR_INVALID_DATA: a 200 whose body cannot be read. */
export const UNREADABLE = 0x8007000d;
/** `reqstatus` of a request whose Timestamp is not of the server's now. */
export const REQUEST_EXPIRED = 0x80048820;
/** `reqstatus` of a wrong password, and what stands for a refused device add without a code of its own. */
export const BAD_CREDENTIALS = 0x80048823;

/** Status and Retry-After of an answer, for whoever may ask again. */
export function httpOf(response: DeviceResponse): MsaError['http'] {
  const retryAfter = response.header('retry-after');
  return { status: response.status, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** ERROR_SERVICE_DISABLED: a policy has switched wlidsvc off, and nobody is asked (reference 05, 14). */
export const serviceDisabled = (): MsaError => new MsaError(0x80070422, 'The Microsoft Account Sign-in Assistant is disabled');
