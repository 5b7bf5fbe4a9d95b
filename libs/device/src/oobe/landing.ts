import { DeploymentError, hex, hresultOfStatus } from '../context/index.js';
import { applyNameTemplate } from './computer-name.js';
import { refreshProfile } from './boot.js';
import { type Installation } from './installation.js';
import { type PhaseResult } from './phase-result.js';

/** Service codes of the profile service become 0x8103 and the code (reference 01, 5.5). */
const hresultOfZtd = (code: number): number => (0x81038000 + code) >>> 0;

/**
 * The technician's landing page (reference 05, T4): the profile is fetched anew; without one, or without a name in it, *Provision* stays
 * disabled. Undefined when the technician can go on.
 */
export async function openLandingPage(installation: Installation): Promise<PhaseResult | undefined> {
  const { context, checkpoint } = installation;
  const download = await refreshProfile(installation);
  if (download.kind === 'failed') return landingError(installation, new DeploymentError(download.hresult, download.message));
  if (download.kind === 'none') {
    const { code, reason = 'The service has no profile for this device' } = download;
    return landingError(installation, new DeploymentError(code === undefined ? hresultOfStatus(404) : hresultOfZtd(code), reason));
  }
  const { tenantDomain, profileName, tenantUpn, deviceNameTemplate, ztdRegistrationId } = download.profile;
  if (!profileName || !ztdRegistrationId)
    return landingError(installation, new DeploymentError(0x80070002, 'The profile names neither itself nor the registration'));
  if (deviceNameTemplate) applyNameTemplate(context, deviceNameTemplate);
  context.timeline.note({
    kind: 'screen',
    screen: 'landing',
    text: `Organization ${tenantDomain}, profile ${profileName}, user ${tenantUpn || 'not assigned'}`,
  });
  await checkpoint('landing');
  return undefined;
}

function landingError({ context }: Installation, error: DeploymentError): PhaseResult {
  context.timeline.note({ kind: 'screen', screen: 'landing-error', text: error.message });
  return { screen: 'landing-error', hresult: hex(error.hresult), text: error.message };
}
