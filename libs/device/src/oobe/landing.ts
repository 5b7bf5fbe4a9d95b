import { DeploymentError, hex, hresultOfStatus } from '../context/index.js';
import { NO_INTERNET } from '../profile/index.js';
import { applyNameTemplate } from './computer-name.js';
import { refreshProfile } from './boot.js';
import { type Installation } from './installation.js';
import { failed, type PhaseResult } from './phase-result.js';

/** ERROR_NOT_SUPPORTED [our choice: the page's own code is unknown]. */
const NOT_SUPPORTED = 0x80070032;
/** Service codes of the profile service become 0x8103 and the code (reference 01, 5.5). */
const hresultOfZtd = (code: number): number => (0x81038000 + code) >>> 0;

/**
 * The technician's landing page (reference 05, T4): the profile is fetched anew; without one, or without a name in it, *Provision* stays
 * disabled. Undefined when the technician can go on.
 */
export async function openLandingPage(installation: Installation): Promise<PhaseResult | undefined> {
  const { context, checkpoint } = installation;
  if (context.traits.network?.ncsi === 'fail') return withoutNetwork(installation);
  if (context.traits.afterAutopilotReset)
    return redPage(installation, new DeploymentError(NOT_SUPPORTED, 'Pre-provisioning is not supported after Autopilot Reset'));
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

/** Straight to the red page; nobody is asked for a profile (reference 05, T4 (a)). */
function withoutNetwork(installation: Installation): Promise<PhaseResult> {
  installation.context.events.emit('autopilot', 165);
  installation.context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_WhiteGlove_TechnicianFlow_FailedDueToNoNetwork' });
  return redPage(installation, new DeploymentError(NO_INTERNET, 'The device is not connected to the internet'));
}

async function redPage({ context, checkpoint }: Installation, error: DeploymentError): Promise<PhaseResult> {
  context.timeline.note({ kind: 'screen', screen: 'red', text: error.message });
  await checkpoint('red');
  return failed('red', error);
}

function landingError({ context }: Installation, error: DeploymentError): PhaseResult {
  context.timeline.note({ kind: 'screen', screen: 'landing-error', text: error.message });
  return { screen: 'landing-error', hresult: hex(error.hresult), text: error.message };
}
