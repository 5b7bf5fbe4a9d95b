import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json } from '@greenscreen/host/reply';

const SPEC = 'himmelblau-idm/intune-spec, processing details; the body is our choice';
const OURS = 'our choice: no refusal of the real service was seen';

const row = (status: number, text: string, evidence = OURS): FaultEntry => ({ status, text, evidence });

/** Refusals of the services for Linux. None is 404 or 500: the client tries again after those [client: libhimmelblau]. */
export const linuxFaults: FaultTable = {
  'linux.Unauthorized': row(401, 'The token is missing or not accepted', SPEC),
  'linux.BadRequest': row(400, 'The request cannot be read: {member}', SPEC),
  'linux.CertificateRequest': row(400, 'The certificate request is not acceptable', SPEC),
  'linux.DeviceUnknown': row(400, 'Device validation failed', SPEC),
  'linux.DeviceNotRegistered': row(403, 'Device is not registered or disabled'),
  'linux.UserLicense': row(403, 'The user has no license for the service'),
  'linux.DeviceCapReached': row(403, 'The device cap of the user is reached'),
  'linux.InMaintenance': row(503, 'The service is in maintenance'),
  'linux.ServiceUnavailable': row(503, 'The service is unavailable'),
  'linux.Internal': row(500, 'An error has occurred'),
};

export const linuxDialect: FaultDialect = {
  table: linuxFaults,
  internal: 'linux.Internal',
  unstorable: { code: 'linux.BadRequest', detail: { member: 'a character is not allowed' } },
  render: ({ code, entry, text }) => json(entry.status, { ErrorCode: code.replace('linux.', ''), Message: text }),
};
