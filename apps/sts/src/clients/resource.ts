import { Fault } from '@greenscreen/host/faults';
import { Application, type Tenant } from '@greenscreen/model/tenancy';
import { normalResource, type ResourceName, resourceNamed, resources } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { type Client } from './client.js';

/** A resource that a token is asked for. */
export interface Resource {
  /** One of Microsoft's, or undefined for a tenant's own application. */
  readonly name?: ResourceName;
  /** `aud` of its tokens: the form of the identifier that was asked for (reference 02, 5.1). */
  readonly audience: string;
  /** Delegated permissions that are granted when nothing narrower is configured. */
  readonly defaultScopes: readonly string[];
}

/** Permissions that Microsoft's own clients hold on Graph; the user's directory roles limit them further [our choice: "configured"]. */
const firstPartyGraph = [
  'Directory.AccessAsUser.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
  'User.Read',
];

const defaultScopes: Record<ResourceName, readonly string[]> = {
  deviceRegistration: ['self_service_device_delete'],
  enrollment: ['mdm_delegation'],
  intuneMdm: ['mdm_delegation'],
  iwService: ['user_impersonation'],
  microsoftGraph: firstPartyGraph,
  azureAdGraph: ['user_impersonation'],
  azureAdPowerShell: ['user_impersonation'],
};

const ENROLLMENT_URI = resources.enrollment[0];

/** Finds a resource by any of its identifiers; one that the tenant does not know is AADSTS500011. */
export async function findResource(em: EntityManager, identifier: string, client: Client, tenant: Tenant | undefined): Promise<Resource> {
  const wanted = identifier.trim();
  const name = resourceNamed(wanted);
  if (name) {
    const audience = name === 'enrollment' && normalResource(wanted) === normalResource(ENROLLMENT_URI) ? ENROLLMENT_URI : wanted;
    const configured = client.application?.scopes;
    return { name, audience, defaultScopes: configured && configured.length > 0 ? configured : defaultScopes[name] };
  }
  const appId = normalResource(wanted).replace(/^api:\/\//, '');
  const own = appId === client.clientId || (tenant && (await isApplication(em, appId, tenant)));
  if (!own) throw new Fault('sts.500011', { resource: wanted, tenant: tenant?.displayName ?? 'Microsoft' });
  return { audience: wanted, defaultScopes: ['user_impersonation'] };
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const isApplication = async (em: EntityManager, clientId: string, tenant: Tenant): Promise<boolean> =>
  GUID.test(clientId) && (await em.existsBy(Application, { tenantId: tenant.id, clientId }));
