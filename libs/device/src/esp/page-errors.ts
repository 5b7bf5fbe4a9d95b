import { DeploymentError } from '../context/index.js';

/** HRESULT of ERROR_TIMEOUT. */
export const TIMED_OUT = 0x800705b4;
/** One or more apps of the page failed [community tables] (reference 05, 82). */
export const APPS_FAILED = 0x81036502;

/** The page's own timer ran out: the result page shows the timeout text, and no code (06, D-B40). */
export class PageTimeoutError extends DeploymentError {
  constructor() {
    super(TIMED_OUT, 'The Enrollment Status Page timed out');
    this.name = 'PageTimeoutError';
  }
}
