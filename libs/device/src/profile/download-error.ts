import { type ServiceError } from '@greenscreen/wire/ztd';
import { DeploymentError } from '../context/index.js';

/** The profile could not be downloaded. */
export class DownloadError extends DeploymentError {
  constructor(
    hresult: number,
    message: string,
    readonly details: {
      /** The service's own code: an expected error, unlike an HTTP status or a body that makes no sense. */
      readonly refusal?: ServiceError;
      readonly status?: number;
      readonly retryAfter?: string;
    } = {},
    options?: ErrorOptions,
  ) {
    super(hresult, message, options);
    this.name = 'DownloadError';
  }
}

/** WEB_E_INVALID_JSON_STRING: the body is no JSON object. */
export const INVALID_JSON = 0x83750007;
/** What the landing page shows without a network (reference 05, T4). */
export const NO_INTERNET = 0x800c0003;
