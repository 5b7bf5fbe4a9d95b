import { Fault } from '@greenscreen/host/faults';
import { type Form } from '@greenscreen/wire/oauth';
import { authenticateClient } from '../clients/authenticate-client.js';
import { findClient } from '../clients/client.js';
import { findResource, type Resource } from '../clients/resource.js';
import { parseScope, type RequestedScope } from '../clients/scope.js';
import { type StsServices } from '../sts-services.js';
import { type EntraDevice } from '@greenscreen/model/directory';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type TenantSegment } from '../tenancy/tenant-segment.js';
import { type ClientAuthentication } from '../tokens/authentication.js';
import { type SignIn } from '../tokens/sign-in-log.js';

/** A request at the token endpoint, decoded. */
export interface TokenRequest {
  readonly form: Form;
  readonly version: 1 | 2;
  readonly segment: TenantSegment;
  /** User name and password of an `Authorization: Basic` header. */
  readonly basic?: { readonly clientId: string; readonly secret: string } | undefined;
  readonly signIn: SignIn;
  /** Proven by an answer to a challenge (MS-PKAP). */
  readonly device?: EntraDevice | undefined;
}

/** A field that the grant cannot do without; AADSTS900144 when it is missing. */
export function requiredField({ form }: TokenRequest, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new Fault('sts.900144', { parameter: name });
  return value;
}

/** The client of the request, authenticated as far as it can be. */
export async function clientOf(sts: StsServices, request: TokenRequest, tenant: Tenant | undefined): Promise<ClientAuthentication> {
  const { form, basic, signIn } = request;
  const clientId = form.get('client_id') ?? basic?.clientId ?? requiredField(request, 'client_id');
  signIn.appId = clientId;
  const client = await findClient(sts.em, clientId, tenant);
  const secret = form.get('client_secret') ?? basic?.secret;
  return { client, appidacr: await authenticateClient(sts, client, { secret, assertion: form.get('client_assertion') }) };
}

export interface Wanted {
  readonly resource?: Resource;
  readonly scope: RequestedScope;
}

/** What the request wants a token for: `resource` on v1, `scope` on v2, or what was agreed earlier. */
export async function wantedOf(
  { em }: StsServices,
  { form, version, signIn }: TokenRequest,
  { client }: ClientAuthentication,
  tenant: Tenant | undefined,
  earlier: { resource?: string | null | undefined; scope?: string | null } = {},
): Promise<Wanted> {
  const scope = parseScope(form.get('scope') ?? (version === 2 ? (earlier.scope ?? undefined) : undefined));
  const identifier = version === 1 ? (form.get('resource') ?? earlier.resource ?? undefined) : (scope.resource ?? undefined);
  if (identifier === undefined) return { scope };
  signIn.resource = identifier;
  return { resource: await findResource(em, identifier, client, tenant), scope };
}
