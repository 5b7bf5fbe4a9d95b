import { type FaultEntry, type FaultTable } from '@greenscreen/host/faults';

/** A refusal of the profile service (reference 01, 5.5). */
export interface ZtdFault extends FaultEntry {
  /** DDS error code; absent for refusals that are nothing but an HTTP status. */
  readonly number?: number;
  /** `ErrorReason` and `ErrorMessage`. */
  readonly reason?: string;
  /** `Retry-After`, seconds. */
  readonly retryAfter?: number;
  /** May come with HTTP 200 and be saved as the profile (shape A). */
  readonly embeddable?: boolean;
}

const CLIENT = 'HRESULT [client]; HTTP status is our choice (reference 01, 5.5)';
const DEVICE = 'Autopilot troubleshooting FAQ [doc]; shape A [trace] with HTTP 200 [inferred] (reference 01, 5.5; 06 D-A61)';

const dds = (number: number, status: number, reason: string, text: string, more: Partial<ZtdFault> = {}): ZtdFault => ({
  status,
  number,
  reason,
  text,
  hresult: `0x${((0x81038000 | number) >>> 0).toString(16)}`,
  evidence: CLIENT,
  ...more,
});
const onDevice = { embeddable: true, evidence: DEVICE };

const http = (status: number, text: string): ZtdFault => ({
  status,
  text,
  hresult: `0x${(0x80190000 + status).toString(16)}`,
  evidence: 'HRESULT [client]; text is our choice (reference 01, 5.5; 06 D-A62)',
});

export const ztdFaults: FaultTable<ZtdFault> = {
  'ztd.801': dds(801, 400, 'InvalidZtdRequestBody', 'The request is malformed.'),
  'ztd.802': dds(802, 400, 'InvalidZtdHardwareHash', 'The hardware hash is invalid.'),
  'ztd.807': dds(807, 404, 'ZtdDeviceIsNotRegistered', 'The device is not registered.', onDevice),
  'ztd.808': dds(808, 409, 'ZtdDeviceAssignedToOtherTenant', 'The device is registered to another tenant.'),
  'ztd.809': dds(809, 404, 'ZtdDeviceHasNoAssignedProfile', 'Assigned profile does not exist.', onDevice),
  'ztd.813': dds(813, 409, 'ZtdDeviceIsNotUnique', 'The device cannot be identified uniquely.'),
  'ztd.815': dds(
    815,
    404,
    'ZtdDeviceHasNoAssignedProfile',
    'No profile assigned to the device, and no default profile found in the tenant.',
    onDevice,
  ),
  'ztd.908': dds(908, 409, 'SerialNumberMismatch', 'The hardware is not the registered one.', onDevice),
  'ztd.908.productKey': dds(908, 409, 'ProductKeyIdMismatch', 'The product key is not the registered one.', onDevice),
  'ztd.400': http(400, 'Bad Request'),
  'ztd.401': http(401, 'Unauthorized'),
  'ztd.403': http(403, 'Forbidden'),
  'ztd.404': http(404, 'Not Found'),
  'ztd.405': http(405, 'Method Not Allowed'),
  'ztd.429': { ...http(429, 'Too Many Requests'), retryAfter: 5 },
  'ztd.500': http(500, 'An error has occurred.'),
  'ztd.503': http(503, 'Service Unavailable'),
};
