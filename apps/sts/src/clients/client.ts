import { Fault } from '@greenscreen/host/faults';
import { Application, type Tenant } from '@greenscreen/model/tenancy';
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
    mayRedirectTo: (uri) => application.redirectUris.some((allowed) => withoutLoopbackPort(allowed) === withoutLoopbackPort(uri)),
  };
}

/** A program on the same machine listens on whatever port is free (RFC 8252, 7.3; documented for `localhost` and 127.0.0.1). */
const withoutLoopbackPort = (uri: string): string => uri.toLowerCase().replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+/, '$1');

function findApplication(em: EntityManager, clientId: string, tenant?: Tenant): Promise<Application | null> {
  return em.findOneBy(Application, { clientId, ...(tenant ? { tenantId: tenant.id } : {}) });
}
