import { ManagedDevice } from './managed-device.entity.js';

export { ManagedDevice } from './managed-device.entity.js';

export const intuneEntities = [ManagedDevice];
