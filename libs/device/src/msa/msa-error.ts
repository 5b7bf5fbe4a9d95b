import { DeploymentError } from '../context/index.js';

/** login.live.com refused, or answered something that is no answer of it. */
export class MsaError extends DeploymentError {
  constructor(hresult: number, message: string, options?: ErrorOptions) {
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
