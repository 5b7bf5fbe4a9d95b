import { type FaultDialect, type FaultEntry, type FaultTable } from '@greenscreen/host/faults';
import { json } from '@greenscreen/host/reply';
import { encodeLowerCasedFault } from '@greenscreen/wire/soap';
import { enrollmentFaultBy } from '../enrollment/enrollment-dialect.js';
import { type EnrollmentFaultEntry, enrollmentFaults } from '../mdm.errors.js';

const FLEET = 'fleetdm/fleet, integration tests (reference 04, section 8)';
/** Windows finds no fault in the lower-cased body of a 200: 0x801900C8 (reference 04, 3.7). */
const HRESULT = '0x801900c8';
const STATUS = 200;

const row = (subcode: string, text: string, evidence = FLEET): EnrollmentFaultEntry => ({
  status: STATUS,
  subcode,
  text,
  hresult: HRESULT,
  evidence,
});

/** Intune's refusals as Fleet would put them, and Fleet's own. */
export const fleetFaults: FaultTable<EnrollmentFaultEntry> = {
  ...Object.fromEntries(
    Object.entries(enrollmentFaults).map(([code, entry]) => [code, { ...entry, status: STATUS, hresult: HRESULT, evidence: FLEET }]),
  ),
  'fleet.ItemMissing': row('s:MessageFormat', 'ContextItem item {item} is not present'),
  'fleet.UnsupportedVersion': row('s:MessageFormat', 'RequestVersion is not supported'),
  'fleet.AuthPolicyNotOffered': row('s:MessageFormat', 'AuthPolicy OnPremise is not offered'),
  'fleet.HostNotFound': row('s:Authentication', 'host data cannot be found'),
  // Spelt so in Fleet.
  'fleet.HostNotEligible': row('s:Authorization', 'host is not elegible for Windows MDM enrollment'),
};

/** Faults of HTTP status 200 in lower case (design 4.3). */
export const fleetDialect: FaultDialect<EnrollmentFaultEntry> = {
  table: fleetFaults,
  internal: 'mdm.InternalServiceFault',
  unstorable: { code: 'mdm.MessageFormat' },
  render: enrollmentFaultBy(encodeLowerCasedFault),
};

const orbitRow = (status: number, text: string, evidence = FLEET): FaultEntry => ({ status, text, evidence });

/** Refusals of the agent's own API. */
export const orbitFaults: FaultTable = {
  'fleet.UnknownServer': orbitRow(404, 'There is no such server', 'our choice'),
  'fleet.BadRequest': orbitRow(400, 'The request cannot be read', 'our choice'),
  'fleet.EnrollFailed': orbitRow(401, 'enroll failed: no matching secret found'),
  'fleet.UnknownNodeKey': orbitRow(401, 'authentication error: invalid orbit node key'),
  'fleet.Internal': orbitRow(500, 'An error has occurred', 'our choice'),
};

export const orbitDialect: FaultDialect = {
  table: orbitFaults,
  internal: 'fleet.Internal',
  unstorable: { code: 'fleet.BadRequest' },
  render: ({ entry, text }) => json(entry.status, { error: text }),
};
