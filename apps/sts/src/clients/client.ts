import { Fault } from '@greenscreen/host/faults';
import { Application, type Tenant, verifyPassword } from '@greenscreen/model/tenancy';
import { firstPartyClient, firstPartyMayRedirect } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';

/** Whoever asks for tokens: one of Microsoft's own clients, or an app registration. */
export interface Client {
  /** Lower case. */
  readonly clientId: string;
  readonly displayName: string;
  readonly firstParty: boolean;
  /** The registration; undefined for Microsoft's own. */
  readonly application?: Application;
  mayRedirectTo(redirectUri: string): boolean;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The client of that id, in a tenant when one is known; AADSTS700016 otherwise. */
export async function findClient(em: EntityManager, clientId: string, tenant?: Tenant): Promise<Client> {
  const id = clientId.trim().toLowerCase();
  const own = firstPartyClient(id);
  if (own) {
    return { clientId: id, displayName: own.displayName, firstParty: true, mayRedirectTo: (uri) => firstPartyMayRedirect(own, uri) };
  }
  const application = GUID.test(id) ? await findApplication(em, id, tenant) : null;
  if (!application) throw new Fault('sts.700016', { clientId, tenant: tenant?.displayName ?? 'Microsoft' });
  return {
    clientId: id,
    displayName: application.displayName,
    firstParty: false,
    application,
    mayRedirectTo: (uri) => application.redirectUris.some((allowed) => allowed.toLowerCase() === uri.toLowerCase()),
  };
}

function findApplication(em: EntityManager, clientId: string, tenant?: Tenant): Promise<Application | null> {
  return em.findOneBy(Application, { clientId, ...(tenant ? { tenantId: tenant.id } : {}) });
}

export interface ClientCredentials {
  readonly secret?: string | undefined;
  readonly assertion?: string | undefined;
}

/**
 * Lets a confidential client prove itself, and a public one prove nothing. Returns `appidacr`: "0" for a public client, "1" for a secret.
 * Registrations here have no certificates, so no assertion can match one.
 */
export async function authenticateClient(client: Client, { secret, assertion }: ClientCredentials): Promise<'0' | '1'> {
  const hash = client.application?.secretHash;
  if (assertion !== undefined) throw new Fault(hash ? 'sts.700027' : 'sts.700025');
  if (!hash) {
    if (secret !== undefined) throw new Fault('sts.700025');
    return '0';
  }
  if (secret === undefined) throw new Fault('sts.7000218');
  if (!(await verifyPassword(secret, hash))) throw new Fault('sts.7000215', { clientId: client.clientId });
  return '1';
}
