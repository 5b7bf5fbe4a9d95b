import { DeviceManagement } from '../management/index.js';
import { computerName } from './computer-name.js';
import { type Installation, required } from './installation.js';

/** The management of an enrolled device; what there is already goes on. */
export function startDeviceManagement(installation: Installation): DeviceManagement {
  const { context, hardwareHash } = installation;
  return (installation.management ??= new DeviceManagement(context, required(installation.enrollment, 'enrollment'), {
    computerName: () => computerName(context),
    hardwareHash,
  }));
}
