import { DeviceCertificate } from './device-certificate.entity.js';
import { DeviceUser } from './device-user.entity.js';
import { EntraDevice } from './entra-device.entity.js';

export { deletePrecreatedDevice, type Unregistration } from './delete-precreated-device.js';
export { DeviceCertificate } from './device-certificate.entity.js';
export { type DeviceEvent, nextDeviceState, requireDeviceState } from './device-lifecycle.js';
export { DeviceUser } from './device-user.entity.js';
export { deviceAudit, type DirectoryChange, intuneService, propertyChange, registrationService } from './directory-audit.js';
export { EntraDevice, type EntraDeviceState } from './entra-device.entity.js';
export {
  addPhysicalIds,
  findDevicesByPhysicalId,
  findDevicesByZtdId,
  globalIdEntry,
  hardwareIdEntry,
  registrationEntries,
  userIdEntries,
  ztdIdEntry,
  ztdIdOf,
} from './physical-ids.js';
export { precreateDevice, type Precreation } from './precreate-device.js';

export const directoryEntities = [EntraDevice, DeviceCertificate, DeviceUser];
