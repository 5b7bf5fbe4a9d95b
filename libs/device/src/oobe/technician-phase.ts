import { type AttestedIdentity, secureHardware } from '../attest/index.js';
import { DeploymentError, NetworkError } from '../context/index.js';
import { installProviders, PageTimeoutError, runRegistration, setUpDevice, StatusPage } from '../esp/index.js';
import { updateIdentity } from '../msa/index.js';
import { hasOobeBit } from '../profile/index.js';
import { firstBoot } from './boot.js';
import { StageError } from './enrollment-stages.js';
import { type Installation, required } from './installation.js';
import { openLandingPage } from './landing.js';
import { failed, type PhaseResult } from './phase-result.js';
import { startDeviceManagement } from './start-device-management.js';
import { enrollWithoutUser } from './technician-enrollment.js';

const WHITE_GLOVE_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';
/** "Joining your organization's network" applies provisioning packages and takes this long at least (reference 05, T8). */
const PACKAGES_MS = 5_000;
/** Between the last category and the result page (reference 05, T21). */
const RESULT_DELAY_MS = 5_000;

export interface Technician {
  /** What is done about the update page of an old image (reference 05, 26). */
  readonly onUpdatePage?: 'skip' | 'fail';
}

/**
 * From power-on to the green or the red page (reference 05, T1 to T21). After a red page this is the technician's *Retry*: everything from the
 * landing page on, except that a device that is enrolled stays so (06, D-B25).
 */
export async function technicianPhase(installation: Installation, technician: Technician = {}): Promise<PhaseResult> {
  const { context } = installation;
  const { timeline } = context;
  timeline.note({ kind: 'phase', phase: 'technician' });
  if (!installation.profile) await firstBoot(installation);
  const stopped = enterTechnicianFlow(installation, technician);
  if (stopped) return stopped;
  const refused = await openLandingPage(installation);
  if (refused) return refused;
  await provision(installation);
  const page = new StatusPage(context);
  installation.page = page;
  try {
    await prepareDevice(installation, page);
    await setUpDevice(context, page, required(installation.management, 'management'));
    await installation.checkpoint('device_setup_done');
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    return redPage(installation, error);
  }
  return greenPage(installation);
}

/** Windows key five times, and the updates before the landing page (reference 05, T2 and T3). Undefined when the technician comes through. */
function enterTechnicianFlow({ context, profile }: Installation, { onUpdatePage = 'skip' }: Technician): PhaseResult | undefined {
  const { timeline, traits } = context;
  const stop = (text: string): PhaseResult => {
    timeline.note({ kind: 'screen', screen: 'oobe-error', text });
    return { screen: 'oobe-error', text };
  };
  // Without a region and a keyboard page there is none to press the key on (reference 05, 23).
  if (profile && hasOobeBit(profile.oobeConfig, 'skipKeyboard') && !profile.region)
    return stop('The region and keyboard pages are skipped: the Windows key does nothing');
  timeline.note({ kind: 'screen', screen: 'region', text: 'The technician presses the Windows key five times' });
  if (traits.updatePage === 'fail') {
    timeline.note({ kind: 'screen', screen: 'update', text: 'Something went wrong. AUTOPILOTWHITEGLOVEUPDATE' });
    if (onUpdatePage === 'fail') return stop('AUTOPILOTWHITEGLOVEUPDATE');
    timeline.note({ kind: 'local', what: 'The technician chooses Skip' });
  } else timeline.note({ kind: 'local', what: 'Zero-day patch and Autopilot update: nothing to do' });
  return undefined;
}

/** The technician presses *Provision* (reference 05, T5). */
async function provision(installation: Installation): Promise<void> {
  const { context, checkpoint } = installation;
  installation.mode = 'whiteGloveCanonical';
  context.registry.set(WHITE_GLOVE_KEY, 'AutopilotWhiteGloveStartTime', context.clock.now().toISOString());
  context.events.emit('management', 509, { Value: 1 });
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_WhiteGlove_TechnicianFlow_Started' });
  await checkpoint('provision');
}

/** The lines of "Device preparation", in order; each failure stays on its line. */
async function prepareDevice(installation: Installation, page: StatusPage): Promise<void> {
  const { context, checkpoint } = installation;
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_WhiteGloveMode_True' });
  installation.attested = await page.run('DevicePreparation.TpmAttestation', () => attest(installation));
  await checkpoint('attested');
  await runRegistration(page, context.traits, {
    packages: () => context.clock.wait(PACKAGES_MS, 'Provisioning packages are applied'),
    register: () => enroll(installation),
    dispositionOf: (error) => (error instanceof StageError ? error.disposition : undefined),
  });
  await installProviders(context, page, startDeviceManagement(installation));
  await checkpoint('providers_ready');
}

function attest(installation: Installation): Promise<AttestedIdentity> {
  const { context } = installation;
  const identity = required(installation.identity, 'device identity');
  return secureHardware(context, { updateIdentity: () => updateIdentity(context, identity) });
}

async function enroll(installation: Installation): Promise<void> {
  if (installation.enrollment === undefined) await enrollWithoutUser(installation);
  else installation.context.timeline.note({ kind: 'local', what: 'The device is enrolled already' });
}

async function greenPage(installation: Installation): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  await context.clock.wait(RESULT_DELAY_MS, 'The result page opens');
  context.registry.set(WHITE_GLOVE_KEY, 'AutopilotWhiteGloveSuccess', 'Success');
  context.registry.set(WHITE_GLOVE_KEY, 'AutopilotWhiteGloveEndTime', context.clock.now().toISOString());
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_WhiteGlove_Success' });
  context.timeline.note({ kind: 'screen', screen: 'green', text: 'Pre-provisioning succeeded. Reseal' });
  await checkpoint('green');
  return { screen: 'green' };
}

async function redPage(installation: Installation, error: DeploymentError | NetworkError): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  await context.clock.wait(RESULT_DELAY_MS, 'The result page opens');
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_WhiteGlove_Failed' });
  const result =
    error instanceof PageTimeoutError
      ? { screen: 'red' as const, text: error.message }
      : failed('red', error, error instanceof StageError ? error.disposition : undefined);
  context.timeline.note({ kind: 'screen', screen: 'red', text: result.text ?? '' });
  await checkpoint('red');
  return result;
}
