import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';

/** Who asks for policy or enrollment. */
export interface Principal {
  readonly tenant: Tenant;
  /** The user; undefined for a device on its own. */
  readonly user?: DirectoryUser;
  /** Entra device id that the token names. */
  readonly entraDeviceId?: string;
}
