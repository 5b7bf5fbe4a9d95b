import { type DeviceContext } from '../context/index.js';

/** What AutopilotManager's TPM configuration and the tasks behind it need of the device. */
export type AttestContext = Pick<
  DeviceContext,
  'traits' | 'network' | 'tpm' | 'keys' | 'clock' | 'random' | 'registry' | 'stores' | 'files' | 'events' | 'timeline'
>;
