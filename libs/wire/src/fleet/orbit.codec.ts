import { objectOf, parseObject, requiredText, textOf } from '../json/index.js';

/** What Fleet's agent says of its host when it enrolls (reference 04, section 8). */
export interface OrbitEnrollment {
  readonly enrollSecret: string;
  readonly hardwareUuid: string;
  readonly hardwareSerial: string;
  readonly hostname: string;
  /** `windows` */
  readonly platform: string;
  readonly osqueryIdentifier: string;
  readonly computerName: string;
  readonly hardwareModel: string;
}

/** Throws JsonFormatError; secret and hardware UUID have to be there. */
export function decodeOrbitEnrollment(text: string): OrbitEnrollment {
  const body = parseObject(text);
  return {
    enrollSecret: requiredText(body, 'enroll_secret'),
    hardwareUuid: requiredText(body, 'hardware_uuid'),
    hardwareSerial: textOf(body, 'hardware_serial'),
    hostname: textOf(body, 'hostname'),
    platform: textOf(body, 'platform'),
    osqueryIdentifier: textOf(body, 'osquery_identifier'),
    computerName: textOf(body, 'computer_name'),
    hardwareModel: textOf(body, 'hardware_model'),
  };
}

export const encodeOrbitEnrollment = (host: OrbitEnrollment): string =>
  JSON.stringify({
    enroll_secret: host.enrollSecret,
    hardware_uuid: host.hardwareUuid,
    hardware_serial: host.hardwareSerial,
    hostname: host.hostname,
    platform: host.platform,
    osquery_identifier: host.osqueryIdentifier,
    computer_name: host.computerName,
    hardware_model: host.hardwareModel,
  });

/** The key that names the host from here on. */
export const encodeOrbitEnrolled = (orbitNodeKey: string): string => JSON.stringify({ orbit_node_key: orbitNodeKey });

/** The key of an enrollment's answer, or of a request for the configuration. Throws JsonFormatError. */
export const decodeOrbitNodeKey = (text: string): string => requiredText(parseObject(text), 'orbit_node_key');

/** What the host has to do about its management. */
export interface OrbitNotifications {
  /** Where to enroll; absent when there is nothing to enroll in. */
  readonly discoveryEndpoint?: string | undefined;
  readonly unenroll?: boolean;
}

/** What is false is left out (reference 04, section 8). */
export const encodeOrbitConfig = ({ discoveryEndpoint, unenroll = false }: OrbitNotifications): string =>
  JSON.stringify({
    notifications: {
      ...(discoveryEndpoint === undefined
        ? {}
        : { needs_programmatic_windows_mdm_enrollment: true, windows_mdm_discovery_endpoint: discoveryEndpoint }),
      ...(unenroll ? { needs_programmatic_windows_mdm_unenrollment: true } : {}),
    },
  });

/** Throws JsonFormatError. */
export function decodeOrbitConfig(text: string): OrbitNotifications {
  const notifications = objectOf(parseObject(text).notifications ?? {}, 'notifications');
  const enroll = notifications.needs_programmatic_windows_mdm_enrollment === true;
  return {
    ...(enroll ? { discoveryEndpoint: requiredText(notifications, 'windows_mdm_discovery_endpoint') } : {}),
    unenroll: notifications.needs_programmatic_windows_mdm_unenrollment === true,
  };
}
