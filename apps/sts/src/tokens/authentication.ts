import { type EntraDevice } from '@greenscreen/model/directory';
import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type Client } from '../clients/client.js';

/** A user who has been authenticated, and how: what user tokens speak of. */
export interface UserAuthentication {
  readonly tenant: Tenant;
  readonly user: DirectoryUser;
  /** Authentication methods: `pwd`, `mfa`, `ngcmfa`, `rsa`. */
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  /** Device that took part in the authentication. */
  readonly device?: EntraDevice;
}

/** A client, and how it proved itself: "0" public, "1" secret. */
export interface ClientAuthentication {
  readonly client: Client;
  readonly appidacr: '0' | '1';
}
