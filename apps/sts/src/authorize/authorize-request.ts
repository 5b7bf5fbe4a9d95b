import { Fault } from '@greenscreen/host/faults';
import { type Form } from '@greenscreen/wire/oauth';
import { type Client, findClient } from '../clients/client.js';
import { findResource, type Resource } from '../clients/resource.js';
import { parseScope, type RequestedScope } from '../clients/scope.js';
import { type StsServices } from '../sts-services.js';
import { resolveSegment, type TenantSegment } from '../tenancy/tenant-segment.js';

export type ResponseMode = 'query' | 'fragment' | 'form_post';
export type ResponseType = 'code' | 'id_token' | 'token';

/** Where an answer, or a refusal, may be sent: client and redirect URI are known to belong together. */
export interface Redirectable {
  readonly segment: TenantSegment;
  readonly client: Client;
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
  readonly form: Form;
  readonly version: 1 | 2;
}

/** An authorize request, decoded (reference 02, 3.1). */
export interface AuthorizeRequest extends Redirectable {
  readonly responseTypes: ReadonlySet<ResponseType>;
  readonly resource: Resource | undefined;
  readonly scope: RequestedScope;
  readonly nonce: string | undefined;
  readonly prompt: string | undefined;
  readonly loginHint: string | undefined;
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: 'plain' | 'S256' | null;
  /** Methods that the authentication has to show afresh: `ngcmfa`, `mfa`. */
  readonly amrValues: readonly string[];
}

/** The part that has to hold before anything may be redirected; its refusals are shown on a page. */
export async function decodeRedirectable(sts: StsServices, version: 1 | 2, tenantSegment: string, form: Form): Promise<Redirectable> {
  const segment = await resolveSegment(sts.em, tenantSegment);
  const clientId = form.get('client_id');
  if (clientId === undefined) throw new Fault('sts.900144', { parameter: 'client_id' });
  const client = await findClient(sts.em, clientId, segment.tenant);
  const redirectUri = form.get('redirect_uri');
  if (redirectUri === undefined || !client.mayRedirectTo(redirectUri))
    throw new Fault('sts.50011', { redirectUri: redirectUri ?? '', clientId: client.clientId });
  return { segment, client, redirectUri, responseMode: responseModeOf(form), state: form.get('state'), form, version };
}

/** `query` for a code alone, `fragment` as soon as a token is in the answer. */
function responseModeOf(form: Form): ResponseMode {
  const asked = form.get('response_mode')?.toLowerCase();
  if (asked === 'form_post' || asked === 'fragment' || asked === 'query') return asked;
  return /token/i.test(form.get('response_type') ?? '') ? 'fragment' : 'query';
}

/** The rest; its refusals go to the client. */
export async function decodeAuthorizeRequest({ em }: StsServices, target: Redirectable): Promise<AuthorizeRequest> {
  const { form, version, client, segment } = target;
  const responseTypes = responseTypesOf(form);
  if (target.responseMode === 'query' && (responseTypes.has('id_token') || responseTypes.has('token'))) throw new Fault('sts.90023');
  if (version === 2 && form.get('scope') === undefined) throw new Fault('sts.900144', { parameter: 'scope' });
  const scope = parseScope(form.get('scope'));
  const identifier = version === 1 ? form.get('resource') : scope.resource;
  const method = challengeMethodOf(form);
  return {
    ...target,
    responseTypes,
    scope,
    resource: identifier === undefined ? undefined : await findResource(em, identifier, client, segment.tenant),
    nonce: form.get('nonce'),
    prompt: form.get('prompt')?.toLowerCase(),
    loginHint: form.get('login_hint'),
    codeChallenge: form.get('code_challenge') ?? null,
    codeChallengeMethod: method,
    amrValues: (form.get('amr_values') ?? '').split(/[\s,]+/).filter((value) => value === 'ngcmfa' || value === 'mfa'),
  };
}

const TYPES: readonly ResponseType[] = ['code', 'id_token', 'token'];

function responseTypesOf(form: Form): ReadonlySet<ResponseType> {
  const text = form.get('response_type');
  if (text === undefined) throw new Fault('sts.900144', { parameter: 'response_type' });
  const types = text.toLowerCase().split(/\s+/).filter(Boolean);
  return new Set(
    types.map((type) => {
      const known = TYPES.find((candidate) => candidate === type);
      if (known === undefined) throw new Fault('sts.70005', { responseType: text });
      return known;
    }),
  );
}

function challengeMethodOf(form: Form): 'plain' | 'S256' | null {
  if (form.get('code_challenge') === undefined) return null;
  const method = form.get('code_challenge_method') ?? 'plain';
  if (method !== 'plain' && method !== 'S256') throw new Fault('sts.90023');
  return method;
}
