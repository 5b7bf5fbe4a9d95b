import { ControlClient } from '@greenscreen/scenarios/cloud';
import { controlAddress } from '../cloud/addresses.js';

/** Lends a client of the control API, and closes it. */
export async function withControl<T>(address: string | undefined, work: (client: ControlClient) => Promise<T>): Promise<T> {
  const client = new ControlClient(controlAddress(address));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
