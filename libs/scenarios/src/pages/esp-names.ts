/** What the Enrollment Status Page calls its lines (reference 05, A.3). */
const names: Readonly<Record<string, string>> = {
  'DevicePreparation.TpmAttestationSubcategory': 'Securing your hardware',
  'DevicePreparation.AadjSubcategory': "Joining your organization's network",
  'DevicePreparation.MdmEnrollmentSubcategory': 'Registering your device for mobile management',
  'DevicePreparation.EspProviderInstallationSubcategory': 'Preparing your device for mobile management',
};
const categories: Readonly<Record<string, string>> = { DeviceSetup: 'Device setup', AccountSetup: 'Account setup' };

/** `Securing your hardware`, `Device setup: Apps`; any other line as it is. */
export function espName(line: string): string {
  const [category = '', subcategory = ''] = line.split('.');
  const known = names[line];
  if (known !== undefined) return known;
  const title = categories[category];
  if (title === undefined) return line;
  const words = subcategory.replace(/Subcategory$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
  return `${title}: ${words.charAt(0)}${words.slice(1).toLowerCase()}`;
}
