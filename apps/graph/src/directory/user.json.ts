import { type DirectoryUser } from '@greenscreen/model/tenancy';

/** Graph `user`, its default members. */
export const encodeUser = (user: DirectoryUser): Record<string, unknown> => ({
  id: user.id,
  businessPhones: [],
  displayName: user.displayName,
  givenName: user.givenName,
  jobTitle: null,
  mail: user.upn,
  mobilePhone: null,
  officeLocation: null,
  preferredLanguage: null,
  surname: user.surname,
  userPrincipalName: user.upn,
});
