/** Categories and subcategories of the Enrollment Status Page that are lines of it, as the registry names them (reference 05, A.3 and A.6). */
export const subcategories = {
  DevicePreparation: ['TpmAttestation', 'Aadj', 'MdmEnrollment', 'EspProviderInstallation'],
  DeviceSetup: ['SecurityPolicies', 'Certificates', 'NetworkConnections', 'Apps'],
  AccountSetup: ['WaitingForAadRegistration', 'SecurityPolicies', 'Certificates', 'NetworkConnections', 'Apps'],
} as const;

/** Work that has no line: only the registry knows it (reference 05, T17, T18, T20, U9). */
export const silentSubcategories = {
  DevicePreparation: ['InitiateSyncSessions', 'SetContinueAnywayButtonVisibility'],
  DeviceSetup: ['RebootCoalescing', 'SendResultsToMdmServer', 'SaveWhiteGloveSuccessResult'],
  AccountSetup: ['PrepareMultifactorAuth', 'SendResultsToMdmServer'],
} as const;

export type Category = keyof typeof subcategories;
/** In the order in which they have their turn. */
export const categories: readonly Category[] = ['DevicePreparation', 'DeviceSetup', 'AccountSetup'];
export type Line = { [C in Category]: `${C}.${(typeof subcategories)[C][number]}` }[Category];
export type SilentStep = { [C in Category]: `${C}.${(typeof silentSubcategories)[C][number]}` }[Category];

/** What the page calls a line. */
export const lineTitles: Readonly<Record<Line, string>> = {
  'DevicePreparation.TpmAttestation': 'Securing your hardware',
  'DevicePreparation.Aadj': "Joining your organization's network",
  'DevicePreparation.MdmEnrollment': 'Registering your device for mobile management',
  'DevicePreparation.EspProviderInstallation': 'Preparing your device for mobile management',
  'DeviceSetup.SecurityPolicies': 'Security policies',
  'DeviceSetup.Certificates': 'Certificates',
  'DeviceSetup.NetworkConnections': 'Network connections',
  'DeviceSetup.Apps': 'Apps',
  'AccountSetup.WaitingForAadRegistration': "Joining your organization's network",
  'AccountSetup.SecurityPolicies': 'Security policies',
  'AccountSetup.Certificates': 'Certificates',
  'AccountSetup.NetworkConnections': 'Network connections',
  'AccountSetup.Apps': 'Apps',
};

export const linesOf = (category: Category): Line[] => subcategories[category].map((name) => `${category}.${name}` as Line);

export const silentStepsOf = (category: Category): SilentStep[] =>
  silentSubcategories[category].map((name) => `${category}.${name}` as SilentStep);

/** `DeviceSetup.AppsSubcategory`: the name in the registry and in scenarios. */
export const subcategoryName = (line: Line): string => `${line}Subcategory`;

/** `Apps (0x87d1041c)`: a line as the page shows it (reference 05, A.6). */
export const shownLine = (line: Line, text: string): string =>
  text === '' ? lineTitles[line] : `${lineTitles[line]} ${text.startsWith('(') ? text : `(${text})`}`;
