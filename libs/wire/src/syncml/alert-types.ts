/** Alert codes (reference 04, 4.3). */
export const alertCode = {
  serverInitiated: 1200,
  clientInitiated: 1201,
  nextMessage: 1222,
  sessionAbort: 1223,
  clientEvent: 1224,
  noEndOfData: 1225,
  generic: 1226,
} as const;

/** `Meta/Type` of the client's 1224 and 1226 alerts (reference 04, 4.3). */
export const alertType = {
  loginStatus: 'com.microsoft/MDM/LoginStatus',
  userToken: 'com.microsoft/MDM/AADUserToken',
  bootstrapSync: 'com.microsoft/MDM/BootstrapSync',
  offlineJoinSync: 'com.microsoft/MDM/OdjSync',
  msiResult: 'Reversed-Domain-Name:com.microsoft.mdm.win32csp_install',
  userUnenrollment: 'com.microsoft:mdm.unenrollment.userrequest',
} as const;

/** Who is at the device: `user` is the enrolled Entra user. */
export const loginStatuses = ['user', 'others', 'none'] as const;
export type LoginStatus = (typeof loginStatuses)[number];
