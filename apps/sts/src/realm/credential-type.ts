import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { identityProviderUrl } from '../federation/identity-provider.js';
import { type Realm } from './user-realm.js';

/** `IfExistsResult` (reference 02, 2.7 [client]). */
const EXISTS = 0;
const DOES_NOT_EXIST = 1;
const DOMAIN_MANAGED = 3;
const DOMAIN_FEDERATED = 4;

/**
 * Answer of GetCredentialType. `HasPassword`, `PrefCredential`, `ThrottleStatus` and `IfExistsResult` are required with these JSON types by
 * one client, which gives up without them.
 */
export async function credentialType(
  em: EntityManager,
  realm: Realm,
  flowToken: string,
  apiCanary: string,
): Promise<Record<string, unknown>> {
  const upn = realm.login.trim().toLowerCase();
  const known = realm.tenant !== undefined && (await em.existsBy(DirectoryUser, { tenantId: realm.tenant.id, upn }));
  const federated = realm.kind === 'Federated';
  return {
    Username: realm.login,
    Display: realm.login,
    IfExistsResult: known || federated ? EXISTS : DOES_NOT_EXIST,
    IsUnmanaged: false,
    ThrottleStatus: 0,
    Credentials: {
      PrefCredential: federated ? 4 : 1,
      HasPassword: !federated,
      RemoteNgcParams: null,
      FidoParams: null,
      SasParams: null,
      CertAuthParams: null,
      ...(federated ? { FederationRedirectUrl: identityProviderUrl(realm, flowToken) ?? '' } : {}),
    },
    EstsProperties: { UserTenantBranding: null, DomainType: federated ? DOMAIN_FEDERATED : DOMAIN_MANAGED },
    FlowToken: flowToken,
    apiCanary,
  };
}
