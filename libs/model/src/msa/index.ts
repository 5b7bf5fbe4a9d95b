import { MsaDevice } from './msa-device.entity.js';

export { MsaDevice } from './msa-device.entity.js';

export const msaEntities = [MsaDevice];
