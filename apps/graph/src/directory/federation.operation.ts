import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { TenantDomain } from '@greenscreen/model/tenancy';
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';

const url = z.url().nullish();
/** The members of `internalDomainFederation` [doc] that mean something here; others are taken and forgotten. */
const federationBody = z.object({
  displayName: z.string().nullish(),
  issuerUri: z.string().min(1),
  signingCertificate: z.string().refine(isCertificate, 'not a certificate in base64'),
  passiveSignInUri: url,
  activeSignInUri: url,
  metadataExchangeUri: url,
});

function isCertificate(base64: string): boolean {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).raw.length > 0;
  } catch {
    return false;
  }
}

/** What the domain's row keeps under which name. */
const names = {
  id: 'id',
  displayName: 'displayName',
  issuerUri: 'issuer',
  signingCertificate: 'signingCertificate',
  passiveSignInUri: 'authUrl',
  activeSignInUri: 'activeAuthUrl',
  metadataExchangeUri: 'metadataUrl',
} as const;

const encodeFederation = ({ federation }: TenantDomain): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(names).map(([member, kept]) => [member, federation?.[kept] ?? null])),
  preferredAuthenticationProtocol: 'wsFed',
});

export async function listFederation(request: GraphRequest, id: string): Promise<Reply> {
  const domain = await domainOf(request, id);
  const value = domain.authentication === 'Federated' ? [encodeFederation(domain)] : [];
  return graphJson(200, { '@odata.context': request.context(`domains('${domain.domain}')/federationConfiguration`), value });
}

/** The domain's users sign in at their own identity provider from now on: its assertions count, and realms say so. */
export async function createFederation(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(federationBody);
  const domain = await domainOf(request, id);
  if (domain.authentication === 'Federated')
    throw new Fault('graph.BadRequest', { reason: 'Domain already has a federation configuration.' });
  if (await issuerIsTaken(request, body.issuerUri))
    throw new Fault('graph.BadRequest', { reason: `Property 'issuerUri' has the value of another domain.` });
  const kept = { id: request.graph.random.uuid(), ...body };
  const federation = Object.fromEntries(
    Object.entries(names).flatMap(([member, name]) => {
      const value = kept[member as keyof typeof names];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  await request.graph.em.update(TenantDomain, { domain: domain.domain }, { authentication: 'Federated', federation });
  const entity = encodeFederation({ ...domain, federation });
  return graphJson(201, { '@odata.context': request.context(`domains('${domain.domain}')/federationConfiguration/$entity`), ...entity });
}

/** The domain is managed again. */
export async function deleteFederation(request: GraphRequest, id: string, federationId: string): Promise<Reply> {
  const domain = await domainOf(request, id);
  if (domain.federation?.id?.toLowerCase() !== federationId.toLowerCase()) throw new Fault('graph.ResourceNotFound', { id: federationId });
  await request.graph.em.update(TenantDomain, { domain: domain.domain }, { authentication: 'Managed', federation: null });
  return graphEmpty(204);
}

const issuerIsTaken = ({ graph }: GraphRequest, issuer: string): Promise<boolean> =>
  graph.em.createQueryBuilder(TenantDomain, 'domain').where("domain.federation->>'issuer' = :issuer", { issuer }).getExists();

async function domainOf({ graph, tenant }: GraphRequest, id: string): Promise<TenantDomain> {
  const domain = await graph.em.findOneBy(TenantDomain, { tenantId: tenant.id, domain: id.toLowerCase() });
  if (!domain) throw new Fault('graph.ResourceNotFound', { id });
  return domain;
}
