import { DeploymentError, NetworkError } from '../context/index.js';
import { enrollInMdm, signInForEnrollment } from '../enroll/index.js';
import { type UserCredentials } from '../token/index.js';
import { computerName } from './computer-name.js';
import { type Installation } from './installation.js';
import { failed, type PhaseResult } from './phase-result.js';
import { startDeviceManagement } from './start-device-management.js';

/** The first account of a Windows that somebody set up alone; the middle is the machine's [our choice]. */
const LOCAL_USER = 'S-1-5-21-1004336348-1177238915-682003330-1001';

/**
 * "Enroll only in device management", in the settings of a Windows that is set up: discovery by the domain of the address, the service's own
 * sign-in, an enrollment for the user (`Full`), and the first sessions (reference 04, 0.1, 1.4 and 3.3 type 1). Entra hears nothing of it, and
 * there is no status page.
 */
export async function enrollOnly(installation: Installation, user: UserCredentials): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  context.timeline.note({ kind: 'phase', phase: 'enroll-only' });
  try {
    installation.enrollment = await enrollInMdm(context, {
      discoveryUrl: `https://enterpriseenrollment.${user.upn.split('@')[1] ?? ''}/EnrollmentServer/Discovery.svc`,
      upn: user.upn,
      accessToken: async (service) => {
        const token = await signInForEnrollment(context, service, user);
        await checkpoint('user_signed_in');
        return token;
      },
      resource: '',
      tenantId: '',
      mode: 'personal',
      deviceName: computerName(context),
    });
    await checkpoint('mdm_enrolled');
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    context.timeline.note({ kind: 'screen', screen: 'settings-error', text: error.message });
    return failed('settings-error', error);
  }
  const management = startDeviceManagement(installation);
  await management.sync('the device has been enrolled');
  management.userSignedIn(LOCAL_USER);
  await management.sync('the user is signed in already');
  context.timeline.note({ kind: 'screen', screen: 'desktop' });
  await checkpoint('desktop');
  return { screen: 'desktop' };
}
