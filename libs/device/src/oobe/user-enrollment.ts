import { DeploymentError, hex } from '../context/index.js';
import { enrollInMdm } from '../enroll/index.js';
import { installProviders, StatusPage } from '../esp/index.js';
import { requestDeviceUserToken, requestDrsUserToken, type UserSignIn } from '../token/index.js';
import { computerName } from './computer-name.js';
import { type Installation, required } from './installation.js';
import { startDeviceManagement } from './start-device-management.js';
import { credentialOf, MDM_RESOURCE } from './technician-enrollment.js';

/** MENROLL_E_DISCOVERY: the profile wants an enrollment, and no MDM service applies to the user (reference 05, 64). */
const NO_MDM = 0x8018002b;
/** "Auto MDM Enroll: Failed". */
const AUTO_ENROLL_FAILED = 76;

/**
 * Automatic enrollment after the user's join: the addresses are those of the ID token, the token is the user's with the device's claim
 * (reference 05, A.8; 04, 3.3: type 13 with a profile, 4 without). False when the user is in no MDM scope: the device is joined and no more;
 * an Autopilot profile that forces the enrollment makes that a failure. Throws EnrollmentError, TokenServiceError, DeploymentError.
 */
export async function enrollWithUser(installation: Installation, signIn: UserSignIn): Promise<boolean> {
  const { context, profile, checkpoint } = installation;
  if (installation.enrollment) return true;
  const { mdm } = signIn;
  if (!mdm) {
    if (!profile?.forcedEnrollment) return false;
    context.events.emit('dmedp', AUTO_ENROLL_FAILED, { HRESULT: hex(NO_MDM) });
    throw new DeploymentError(NO_MDM, 'No MDM service applies to this user');
  }
  await checkpoint('mdm_discovered');
  installation.enrollment = await enrollInMdm(context, {
    discoveryUrl: mdm.enrollmentUrl,
    upn: signIn.upn,
    accessToken: await tokenForMdm(installation, signIn),
    resource: MDM_RESOURCE,
    tenantId: signIn.tenantId,
    mode: 'userDriven',
    ztdRegistrationId: profile?.ztdRegistrationId,
    deviceName: computerName(context),
  });
  // Who enrolls a device is its user: there is nobody to tell MDM of.
  installation.associated = true;
  await checkpoint('mdm_enrolled');
  return true;
}

/** The user's token for MDM, which names this device (reference 02, 8.2). */
export async function tokenForMdm({ context, service, registration, refreshToken }: Installation, signIn: UserSignIn): Promise<string> {
  const { tokenEndpoint } = required(service, 'registration service');
  return requestDeviceUserToken(context, {
    tokenEndpoint,
    credential: credentialOf(context, required(registration, 'registration')),
    refreshToken: refreshToken ?? required((await requestDrsUserToken(context, signIn)).refreshToken, 'refresh token'),
    resource: MDM_RESOURCE,
  });
}

/**
 * "Device preparation" of a PC that no technician has provisioned: join and enrollment are done before the page opens, and the TPM has nothing
 * to attest (reference 05, A.8; 03, 0); what is left is the policy providers.
 */
export async function prepareWithUser(installation: Installation): Promise<void> {
  const { context, checkpoint } = installation;
  const page = new StatusPage(context);
  installation.page = page;
  for (const line of ['TpmAttestation', 'Aadj', 'MdmEnrollment'] as const) page.set(`DevicePreparation.${line}`, 'succeeded', 'Completed');
  await installProviders(context, page, startDeviceManagement(installation));
  await checkpoint('providers_ready');
}
