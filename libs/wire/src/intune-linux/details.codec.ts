import { parseObject, requiredText } from '../json/index.js';

/** `POST <LinuxDeviceCheckinService>/details`: all of it has to be there (himmelblau-idm/intune-spec 2.1.2). */
export interface LinuxDetails {
  /** Intune device id. */
  readonly deviceId: string;
  readonly deviceName: string;
  readonly manufacturer: string;
  /** `ubuntu`, `openSUSE Tumbleweed` */
  readonly osDistribution: string;
  readonly osVersion: string;
}

/** Throws JsonFormatError. */
export function decodeLinuxDetails(text: string): LinuxDetails {
  const body = parseObject(text);
  return {
    deviceId: requiredText(body, 'DeviceId'),
    deviceName: requiredText(body, 'DeviceName'),
    manufacturer: requiredText(body, 'Manufacturer'),
    osDistribution: requiredText(body, 'OSDistribution'),
    osVersion: requiredText(body, 'OSVersion'),
  };
}

export const encodeLinuxDetailsAnswer = (deviceFriendlyName: string): string => JSON.stringify({ deviceFriendlyName });
