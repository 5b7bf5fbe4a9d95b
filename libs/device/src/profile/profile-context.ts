import { type DeviceContext } from '../context/index.js';
import { type MsaContext } from '../msa/index.js';

/** What AutopilotManager's profile download needs of the device. */
export type ProfileContext = MsaContext & Pick<DeviceContext, 'files' | 'events' | 'timeline'>;
