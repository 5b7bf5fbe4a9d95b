import { under } from './loc-uri.js';

const ROOT = './Device/Vendor/MSFT/EnterpriseModernAppManagement';

/** `…/AppManagement/AppStore/<family>`: below it stand the packages of the family that are there (EnterpriseModernAppManagement CSP). */
export const storeApp = (family: string, ...node: readonly string[]): string => under(`${ROOT}/AppManagement/AppStore`, family, ...node);

/** `…/AppInstallation/<family>/<node>`: asking for an installation, and what came of it. */
export const appInstallation = (family: string, ...node: readonly string[]): string => under(`${ROOT}/AppInstallation`, family, ...node);
