import { Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { type ClientCredentials, type Http } from '@greenscreen/scenarios/administrator';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { addressOf } from './addresses.js';

export interface AdministratorOptions {
  readonly against: string;
  readonly control?: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Lets an administrator's script work in a running cloud, with the roots that it names. */
export async function asAdministrator<T>(
  { against, control, tenant, clientId, clientSecret }: AdministratorOptions,
  work: (http: Http, credentials: ClientCredentials) => Promise<T>,
): Promise<T> {
  const address = addressOf(against, control);
  const client = new ControlClient(address.control);
  const roots = await client.roots().finally(() => client.close());
  const network = new GatewayNetwork({ gateway: address.gateway, roots, timeline: new Timeline(() => new Date()) });
  try {
    return await work((request) => network.http(request), { tenantId: tenant, clientId, clientSecret });
  } finally {
    await network.close();
  }
}
