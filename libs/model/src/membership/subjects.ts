import { type EntraDevice } from '../directory/index.js';
import { type DirectoryUser } from '../tenancy/index.js';
import { type RuleSubject } from './evaluate-rule.js';

type DeviceFacts = Pick<EntraDevice, 'displayName' | 'physicalIds'> & Partial<EntraDevice>;

type UserFacts = Pick<DirectoryUser, 'id' | 'upn' | 'displayName' | 'givenName' | 'surname' | 'accountEnabled'>;

/** A device object as dynamic rules see it: their names are the older directory graph's (06 D-A42). */
export const deviceSubject = (device: DeviceFacts): RuleSubject => ({
  displayname: device.displayName,
  objectid: device.objectId,
  deviceid: device.deviceId,
  accountenabled: device.accountEnabled,
  devicephysicalids: device.physicalIds,
  physicalids: device.physicalIds,
  deviceostype: device.operatingSystem,
  deviceosversion: device.operatingSystemVersion,
  devicetrusttype: device.trustType,
  deviceownership: device.isManaged ? 'Company' : null,
  devicemanagementappid: device.mdmAppId,
  managementtype: device.isManaged ? 'MDM' : null,
  enrollmentprofilename: device.enrollmentProfileName,
  profiletype: device.profileType,
  isrooted: false,
});

/** A user as dynamic rules see it. */
export const userSubject = (user: UserFacts): RuleSubject => ({
  objectid: user.id,
  userprincipalname: user.upn,
  mail: user.upn,
  displayname: user.displayName,
  givenname: user.givenName,
  surname: user.surname,
  accountenabled: user.accountEnabled,
  usertype: 'Member',
});
