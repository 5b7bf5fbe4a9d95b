import { type IntuneApp } from '@greenscreen/model/mdm-session';
import { graphDate } from '@greenscreen/wire/graph';

export const mobileAppResource = 'deviceAppManagement/mobileApps';

/** Graph's types of apps. Packages of the lab's store are made by its own API only. */
export const appTypes = {
  win32: '#microsoft.graph.win32LobApp',
  lob: '#microsoft.graph.windowsMobileMSI',
  store: '#microsoft.graph.windowsUniversalAppX',
} as const satisfies Record<IntuneApp['type'], string>;

/** Members that the lab keeps for its clients and does not act on, as they are without an administrator's word (Graph reference). */
const common = {
  largeIcon: null,
  isFeatured: false,
  privacyInformationUrl: null,
  informationUrl: null,
  owner: '',
  developer: '',
  notes: '',
} as const;

const ofType: Readonly<Record<IntuneApp['type'], Readonly<Record<string, unknown>>>> = {
  win32: {
    installCommandLine: 'setup.exe /quiet',
    uninstallCommandLine: '',
    applicableArchitectures: 'x64',
    minimumFreeDiskSpaceInMB: null,
    minimumMemoryInMB: null,
    minimumNumberOfProcessors: null,
    minimumCpuSpeedInMHz: null,
    rules: [],
    detectionRules: [],
    requirementRules: [],
    installExperience: { runAsAccount: 'system', deviceRestartBehavior: 'basedOnReturnCode' },
    returnCodes: [],
    msiInformation: null,
    setupFilePath: 'setup.exe',
    minimumSupportedWindowsRelease: null,
  },
  lob: { commandLine: '/quiet', ignoreVersionDetection: false },
  store: {},
};

/** Names of the members that are kept as they come. */
export const keptMembers = (type: IntuneApp['type']): string[] => Object.keys({ ...common, fileName: '', ...ofType[type] });

/** Graph `mobileApp`. No content is uploaded: every app is published, and its content is the lab's own. */
export function encodeMobileApp(app: IntuneApp): Record<string, unknown> {
  return {
    '@odata.type': appTypes[app.type],
    id: app.id,
    displayName: app.name,
    description: app.description,
    publisher: app.publisher,
    ...common,
    createdDateTime: graphDate(app.createdAt),
    lastModifiedDateTime: graphDate(app.modifiedAt ?? app.createdAt),
    publishingState: 'published',
    isAssigned: app.assignments.length > 0,
    roleScopeTagIds: ['0'],
    committedContentVersion: '1',
    fileName: app.type === 'lob' ? `${app.name}.msi` : `${app.name}.intunewin`,
    size: 0,
    ...ofType[app.type],
    ...app.metadata,
    ...(app.type === 'lob' ? { productCode: app.productCode, productVersion: app.version } : { displayVersion: app.version }),
  };
}
