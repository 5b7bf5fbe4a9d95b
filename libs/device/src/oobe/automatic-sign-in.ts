import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';

const CONFIG = './Device/Vendor/MSFT/Policy/Config';

/** Settings that stand between the sign-in page and the desktop (reference 05, 105 [doc: Autopilot known issues]). */
const obstacles = [
  `${CONFIG}/Authentication/PreferredAadTenantDomainName`,
  `${CONFIG}/DeviceLock/MaxInactivityTimeDeviceLock`,
  `${CONFIG}/DeviceLock/MinDevicePasswordLength`,
  `${CONFIG}/LocalPoliciesSecurityOptions/InteractiveLogon_DoNotDisplayLastSignedIn`,
  `${CONFIG}/LocalPoliciesSecurityOptions/InteractiveLogon_MachineInactivityLimit`,
  `${CONFIG}/LocalPoliciesSecurityOptions/InteractiveLogon_MessageTextForUsersAttemptingToLogOn`,
  `${CONFIG}/LocalPoliciesSecurityOptions/InteractiveLogon_MessageTitleForUsersAttemptingToLogOn`,
].map((uri) => canonicalUri(uri));

/** The setting that keeps Windows from signing the user in with the credentials of the sign-in page, if there is one. */
export const signInObstacle = (tree: CspTree): string | undefined => obstacles.find((uri) => tree.read(uri) !== undefined);
