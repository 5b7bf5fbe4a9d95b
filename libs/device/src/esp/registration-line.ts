import { DeploymentError, type DeviceTraits, hex, NetworkError } from '../context/index.js';
import { type StatusPage } from './status-page.js';

/** The two lines under which a device is joined and enrolled. */
export interface Registration {
  /** Provisioning packages are applied. */
  readonly packages: () => Promise<void>;
  /** Join and MDM enrollment. */
  readonly register: () => Promise<void>;
  /** The number in front of the code, of an error that has one. */
  readonly dispositionOf: (error: unknown) => number | undefined;
}

/** Stages up to AadJoin (reference 05, A.2). */
const JOIN = 3;

/**
 * "Joining…" and "Registering…": the current page joins under the second, with the stage's number in front of the code, `(3, 0x801c03f3)`; that
 * of 1903 shows what went wrong with the join on the first, and the code alone (reference 05, trap 1).
 */
export async function runRegistration(
  page: StatusPage,
  { ui }: Pick<DeviceTraits, 'ui'>,
  { packages, register, dispositionOf }: Registration,
): Promise<void> {
  if (ui !== 'classic1903') {
    await page.run('DevicePreparation.Aadj', packages);
    await page.run('DevicePreparation.MdmEnrollment', register, (error, code) => numbered(dispositionOf(error), code));
    return;
  }
  page.set('DevicePreparation.Aadj', 'inProgress', 'Working on it');
  await packages();
  try {
    await register();
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    const joining = (dispositionOf(error) ?? JOIN) <= JOIN;
    if (!joining) page.set('DevicePreparation.Aadj', 'succeeded', 'Completed');
    page.fail(joining ? 'DevicePreparation.Aadj' : 'DevicePreparation.MdmEnrollment', `(${hex(error.hresult)})`);
    throw error;
  }
  page.set('DevicePreparation.Aadj', 'succeeded', 'Completed');
  page.set('DevicePreparation.MdmEnrollment', 'succeeded', 'Completed');
}

const numbered = (disposition: number | undefined, code: string): string =>
  disposition === undefined ? `(${code})` : `(${disposition}, ${code})`;
