import { type DeploymentError, hex } from '../context/index.js';

/** The page on which a phase ended (reference 05, C.5 `screen`). */
export type FinalScreen = 'green' | 'red' | 'landing-error' | 'oobe-error' | 'esp-error' | 'stuck' | 'settings-error' | 'desktop';

/** EnrollmentDisposition: the number in front of the HRESULT (reference 05, A.2). */
export type Disposition = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How a phase ended. */
export interface PhaseResult {
  readonly screen: FinalScreen;
  /** `0x` and eight lower-case digits. */
  readonly hresult?: string;
  readonly disposition?: Disposition;
  /** What the page says. */
  readonly text?: string;
}

/** The page for an error, with the text that the failing line showed. */
export const failed = (
  screen: FinalScreen,
  error: Pick<DeploymentError, 'hresult' | 'message'>,
  disposition?: Disposition,
): PhaseResult => ({
  screen,
  hresult: hex(error.hresult),
  ...(disposition === undefined ? {} : { disposition }),
  text: error.message,
});
