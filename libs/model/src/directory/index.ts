import { DeviceCertificate } from './device-certificate.entity.js';
import { DeviceUser } from './device-user.entity.js';
import { EntraDevice } from './entra-device.entity.js';

export { DeviceCertificate } from './device-certificate.entity.js';
export { DeviceUser } from './device-user.entity.js';
export { EntraDevice, type EntraDeviceState } from './entra-device.entity.js';

export const directoryEntities = [EntraDevice, DeviceCertificate, DeviceUser];
