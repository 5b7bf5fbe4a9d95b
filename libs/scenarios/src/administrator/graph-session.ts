import { type DeviceNetwork, type DeviceResponse } from '@greenscreen/device/context';
import { decodeGraphError } from '@greenscreen/wire/graph';
import { encodeForm } from '@greenscreen/wire/oauth';
import { AdministratorError } from './administrator-error.js';

/** How the script reaches the cloud: `network.http` of a device's network, or anything of its shape. */
export type Http = DeviceNetwork['http'];

/** An app registration of the tenant with device-management permissions. */
export interface ClientCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const LOGIN = 'https://login.microsoftonline.com';
const GRAPH = 'https://graph.microsoft.com';

export interface GraphCall {
  /** Name of the operation at the service. */
  readonly operation: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `/beta/deviceManagement/…` */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, text as it is. */
  readonly body?: Readonly<Record<string, unknown>> | string;
}

export type Entity = Readonly<Record<string, unknown>>;

/** A signed-in session of the script at Graph. */
export class GraphSession {
  private constructor(
    private readonly http: Http,
    private readonly token: string,
  ) {}

  /** Asks for a token with the application's secret; only `access_token` is read (reference 01, 3.1). */
  static async open(http: Http, { tenantId, clientId, clientSecret }: ClientCredentials): Promise<GraphSession> {
    const body = encodeForm({
      grant_type: 'client_credentials',
      scope: `${GRAPH}/.default`,
      client_id: clientId,
      client_secret: clientSecret,
    });
    const response = await http({
      service: 'sts',
      operation: 'Token',
      method: 'POST',
      url: `${LOGIN}/${tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    const answer = entityOf(response) ?? {};
    const token = textOf(answer, 'access_token');
    if (!token) throw new AdministratorError('token', textOf(answer, 'error_description') || `HTTP ${response.status}`, response.status);
    return new GraphSession(http, token);
  }

  /** One call; an answer that is no success is an {@link AdministratorError}. Calls without an answer body give an empty entity. */
  async call({ operation, method = 'GET', path, headers = {}, body }: GraphCall): Promise<Entity> {
    const response = await this.http({
      service: 'graph',
      operation,
      method,
      url: `${GRAPH}${path}`,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const entity = entityOf(response);
    if (response.status < 200 || response.status > 299) {
      const { code = '', message = '' } = decodeGraphError(entity) ?? {};
      throw new AdministratorError(operation, `HTTP ${response.status} ${code} ${message}`.trim(), response.status);
    }
    return entity ?? {};
  }

  /** A collection with all its pages. */
  async list(call: GraphCall): Promise<Entity[]> {
    const found: Entity[] = [];
    for (let path: string | undefined = call.path; path !== undefined;) {
      const page = await this.call({ ...call, path });
      found.push(...entitiesOf(page.value));
      const next = page['@odata.nextLink'];
      path = typeof next === 'string' ? pathOf(next) : undefined;
    }
    return found;
  }
}

/** Path and query of a link; links lead to wherever the client came from. */
function pathOf(link: string): string {
  const { pathname, search } = new URL(link);
  return `${pathname}${search}`;
}

function entityOf(response: DeviceResponse): Entity | undefined {
  try {
    const value = response.json();
    return isEntity(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isEntity = (value: unknown): value is Entity => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; anything else has none. */
export const entitiesOf = (value: unknown): Entity[] => (Array.isArray(value) ? value.filter(isEntity) : []);

/** A text member; empty when it is missing. */
export function textOf(entity: Entity, name: string): string {
  const value = entity[name];
  return typeof value === 'string' ? value : '';
}
