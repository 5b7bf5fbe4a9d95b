import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { type WantedTenant } from '../cloud/index.js';
import { type Scenario } from '../format/index.js';

/**
 * The tenant of a scenario in a cloud that has had no run yet: the same one whenever the seed is, and with it every id of the run. `time`
 * tells runs of one scenario with one PC from each other.
 */
export function seededTenant({ id, seed, device }: Scenario, time: number): WantedTenant & { readonly id: string } {
  const random = new SeededRandom(`tenant ${id} ${seed} ${device.serial} ${time}`);
  const name = `lab${random.bytes(5).toString('hex')}`;
  return { id: random.uuid(), initialDomain: `${name}.onmicrosoft.com`, domains: [`${name}.example`], clientId: random.uuid() };
}
