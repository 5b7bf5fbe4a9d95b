import { type DeviceContext, osVersion } from '../context/index.js';
import { type Tpm } from '../tpm/index.js';

/** What dsreg needs of the TPM: keys that are made, used and removed. */
export type DsregTpm = Pick<Tpm, 'createKey' | 'sign' | 'certify' | 'decryptOaep' | 'tlsKey' | 'evict'>;

/** What dsreg needs of the device. */
export type DsregContext = Pick<
  DeviceContext,
  'network' | 'random' | 'clock' | 'traits' | 'registry' | 'stores' | 'events' | 'timeline'
> & { readonly tpm: DsregTpm };

/** Headers of dsreg's requests (reference 02, 9.1 [client: Windows dsreg]); `activityId` is the id that its events log as well. */
export function dsregHeaders({ traits }: Pick<DeviceContext, 'traits'>, activityId: string): Record<string, string> {
  const version = osVersion(traits);
  return {
    Accept: 'application/json',
    'User-Agent': `Dsreg/10.0 (Windows ${version})`,
    'ocp-adrs-client-name': 'Dsreg',
    'ocp-adrs-client-version': version,
    'client-request-id': activityId,
    'return-client-request-id': 'true',
  };
}
