import { BitLockerKey } from './bitlocker-key.entity.js';
import { DeviceCertificate } from './device-certificate.entity.js';
import { DeviceUser } from './device-user.entity.js';
import { EntraDevice } from './entra-device.entity.js';
import { HelloKey } from './hello-key.entity.js';

export { BitLockerKey } from './bitlocker-key.entity.js';
export { deleteDevice } from './delete-device.js';
export { deletePrecreatedDevice, type Unregistration } from './delete-precreated-device.js';
export { DeviceCertificate } from './device-certificate.entity.js';
export {
  alternativeSecurityKey,
  bindDeviceCertificate,
  type NewDeviceCertificate,
  unbindDeviceCertificates,
} from './device-certificates.js';
export { type DeviceEvent, nextDeviceState, requireDeviceState } from './device-lifecycle.js';
export { DeviceUser } from './device-user.entity.js';
export { countOwnedDevices, ownsDevice, removeDeviceUsers, setDeviceUser } from './device-users.js';
export { deviceAudit, type DirectoryChange, intuneService, propertyChange, registrationService } from './directory-audit.js';
export { type DeviceAttestation, EntraDevice, type EntraDeviceState } from './entra-device.entity.js';
export { HelloKey } from './hello-key.entity.js';
export {
  findDevicesByPhysicalId,
  findDevicesByZtdId,
  type HardwareIds,
  hardwareIdEntries,
  registrationEntries,
  ticketEntries,
  userTicketEntries,
  withPhysicalIds,
  ztdIdEntry,
  ztdIdOf,
} from './physical-ids.js';
export { precreateDevice, precreateDevices, type Precreation } from './precreate-device.js';
export { removeStaleDevices, type StaleDevices } from './remove-stale-devices.js';
export { setDeviceEnabled } from './set-device-enabled.js';
export { synchronizeDevice, type SynchronizedComputer } from './synchronize-device.js';

export const directoryEntities = [EntraDevice, DeviceCertificate, DeviceUser, HelloKey, BitLockerKey];
