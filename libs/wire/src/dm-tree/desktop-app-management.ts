import { under } from './loc-uri.js';

/** `./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7B<code>%7D[/<node>]` (EnterpriseDesktopAppManagement CSP). */
export const msiNode = (productCode: string, ...node: readonly string[]): string =>
  under('./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI', productCode, ...node);

/** Values of an MSI's `Status` node (reference 04, 4.5). */
export const msiStatus = {
  initialized: 10,
  downloading: 20,
  downloadRetry: 25,
  downloadFailed: 30,
  downloaded: 40,
  pendingUserSession: 48,
  enforcing: 50,
  enforcementRetry: 55,
  failed: 60,
  completed: 70,
} as const;
