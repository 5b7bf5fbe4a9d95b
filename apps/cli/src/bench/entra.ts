import { type KeyPool } from '@greenscreen/crypto/keys';
import { Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { entraRequests, send } from './entra-requests.js';
import { type MeasuredCloud } from './measured-cloud.js';
import { type Rate, rateOf } from './rate.js';

/** Each kind of request to the token and registration services, in a tenant of its own. */
export async function measureEntra(cloud: MeasuredCloud, keys: KeyPool): Promise<Rate[]> {
  const control = new ControlClient(cloud.address.control);
  let network: GatewayNetwork | undefined;
  try {
    const [roots, tenant] = [await control.roots(), await control.createTenant()];
    const open = (network = new GatewayNetwork({
      gateway: cloud.address.gateway,
      roots,
      timeline: new Timeline(() => new Date()),
    }));
    const rates: Rate[] = [];
    for (const { name, request } of await entraRequests(open, tenant, keys))
      rates.push(await rateOf(cloud, name, () => send(open, request).then(() => 1)));
    return rates;
  } finally {
    await Promise.all([control.close(), network?.close()]);
  }
}
