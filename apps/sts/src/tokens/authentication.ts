import { type EntraDevice } from '@greenscreen/model/directory';
import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type ClientProof } from '../clients/authenticate-client.js';
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

/** A client, and how it proved itself. */
export interface ClientAuthentication {
  readonly client: Client;
  readonly appidacr: ClientProof;
}
