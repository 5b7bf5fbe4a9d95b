import { type KeyPool } from '@greenscreen/crypto/keys';
import { Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { performance } from 'node:perf_hooks';
import { entraRequests, type Repeatable, send } from './entra-requests.js';
import { type MeasuredCloud } from './measured-cloud.js';

/** What the token and registration services do of one kind. */
export interface EntraRate {
  readonly name: string;
  readonly perSecond: number;
  readonly serverCpuMilliseconds: number;
  readonly privateKeyOperations: number;
}

export const ENTRA_AT_ONCE = 16;
const SECONDS = 3;
const WARM_UP = 100;

/** Each kind of request for some seconds, so many at once, in a tenant of its own. */
export async function measureEntra(cloud: MeasuredCloud, keys: KeyPool): Promise<EntraRate[]> {
  const control = new ControlClient(cloud.address.control);
  let network: GatewayNetwork | undefined;
  try {
    const [roots, tenant] = [await control.roots(), await control.createTenant()];
    network = new GatewayNetwork({ gateway: cloud.address.gateway, roots, timeline: new Timeline(() => new Date()) });
    const rates: EntraRate[] = [];
    for (const repeatable of await entraRequests(network, tenant, keys)) rates.push(await rateOf(cloud, network, repeatable));
    return rates;
  } finally {
    await Promise.all([control.close(), network?.close()]);
  }
}

async function rateOf(cloud: MeasuredCloud, network: GatewayNetwork, { name, request }: Repeatable): Promise<EntraRate> {
  const repeat = async (goesOn: () => boolean): Promise<number> => {
    let done = 0;
    const worker = async (): Promise<void> => {
      while (goesOn()) {
        await send(network, request);
        done++;
      }
    };
    await Promise.all(Array.from({ length: ENTRA_AT_ONCE }, worker));
    return done;
  };
  let left = WARM_UP;
  await repeat(() => left-- > 0);
  const before = await cloud.usage();
  const start = performance.now();
  const done = await repeat(() => performance.now() - start < SECONDS * 1000);
  const seconds = (performance.now() - start) / 1000;
  const after = await cloud.usage();
  return {
    name,
    perSecond: done / seconds,
    serverCpuMilliseconds: (after.cpuMilliseconds - before.cpuMilliseconds) / done,
    privateKeyOperations: (after.privateKeyOperations - before.privateKeyOperations) / done,
  };
}
