import { type CheckpointName } from '@greenscreen/device/context';
import { valueAt } from '@greenscreen/scenarios/expect';
import { type RunResult } from '@greenscreen/scenarios/run';
import { isDeepStrictEqual } from 'node:util';

/** C0 to C6 of reference 05, A.7. */
const cloudCheckpoints: readonly CheckpointName[] = [
  'imported',
  'joined',
  'mdm_enrolled',
  'unjoined',
  'resealed',
  'user_joined',
  'account_setup_done',
];
/** L0 to L6. */
const localCheckpoints: readonly CheckpointName[] = [
  'profile_downloaded',
  'joined',
  'mdm_enrolled',
  'unjoined',
  'resealed',
  'user_joined',
  'desktop',
];

/** As before. */
const same = Symbol('same');
type Expected = typeof same | string | number | boolean | null | ((value: unknown, result: RunResult) => boolean);
type Row = readonly [path: string, ...Expected[]];

const ZERO = '00000000-0000-0000-0000-000000000000';
const NEVER = '0001-01-01T00:00:00Z';
const at = (result: RunResult, checkpoint: string, path: string): unknown => valueAt(result.outcome.snapshots.get(checkpoint), path);
const managedDevice = (value: unknown, result: RunResult): boolean => value === at(result, 'mdm_enrolled', 'MD.id');
const directoryObject = (value: unknown, result: RunResult): boolean => value === at(result, 'imported', 'DEV.deviceId');
const user = (value: unknown, { outcome }: RunResult): boolean => value === outcome.variables['user.upn'];
const contacted = (value: unknown): boolean => typeof value === 'string' && value !== NEVER;
const prefixes = (value: unknown): string[] => (Array.isArray(value) ? value.map((entry) => String(entry).split(':')[0] ?? '') : []);
const holds =
  (...wanted: readonly string[]) =>
  (value: unknown): boolean =>
    wanted.every((prefix) => prefixes(value).includes(prefix)) && prefixes(value).filter((prefix) => prefix === '[ZTDID]').length === 1;
const firstCertificate = (value: unknown): boolean => typeof value === 'string' && /^[0-9A-F]{40}$/.test(value);
const secondCertificate = (value: unknown, result: RunResult): boolean =>
  firstCertificate(value) && value !== at(result, 'joined', 'DEV.alternativeSecurityIds[0].thumbprint');
const absent = (value: unknown): boolean => value === undefined;

/** Record snapshots by checkpoint (reference 05, A.7, with 06 D-A8, D-A47, D-B24, D-B30, D-B31). `MD.…` is absent until there is one. */
const cloudRows: readonly Row[] = [
  ['AP.enrollmentState', 'notContacted', same, 'enrolled', same, same, same, same],
  ['AP.managedDeviceId', ZERO, same, managedDevice, same, same, same, same],
  ['AP.azureActiveDirectoryDeviceId', directoryObject, same, same, same, same, same, same],
  ['AP.nextEnrollmentAllowed', true, same, false, same, same, same, same],
  ['AP.lastContactedDateTime', NEVER, contacted, contacted, contacted, contacted, contacted, contacted],
  ['DEV.deviceId', directoryObject, same, same, same, same, same, same],
  ['DEV.accountEnabled', false, true, same, same, same, same, same],
  ['DEV.lifecycle', 'precreated', 'joined', same, 'joined, certificate orphaned', same, 'joined', same],
  ['DEV.trustType', 'AzureAd', same, same, same, same, same, same],
  [
    'DEV.physicalIds',
    holds('[ZTDID]'),
    holds('[ZTDID]', '[HWID]', '[GID]'),
    same,
    same,
    same,
    holds('[ZTDID]', '[HWID]', '[GID]', '[USER-HWID]', '[USER-GID]'),
    same,
  ],
  ['DEV.alternativeSecurityIds.length', 0, 1, same, same, same, 1, same],
  ['DEV.alternativeSecurityIds[0].thumbprint', absent, firstCertificate, same, same, same, secondCertificate, same],
  ['DEV.registeredOwners.length', 0, same, same, same, same, 1, same],
  ['DEV.registeredOwners[0].userPrincipalName', absent, same, same, same, same, user, same],
  ['DEV.registeredUsers.length', 0, same, same, same, same, 1, same],
  ['DEV.mdmAppId', null, same, '0000000a-0000-0000-c000-000000000000', same, same, same, same],
  ['DEV.isManaged', null, same, true, same, same, same, same],
  ['DEV.isCompliant', null, same, same, same, same, same, true],
  ['DEV.enrollmentProfileName', 'WG-Entra', same, same, same, same, same, same],
  ['MD.id', absent, same, managedDevice, same, same, same, same],
  ['MD.deviceEnrollmentType', absent, same, 'windowsAzureADJoinUsingDeviceAuth', same, same, same, same],
  ['MD.managementState', absent, same, 'managed', same, same, same, same],
  ['MD.managementAgent', absent, same, 'mdm', same, same, same, same],
  ['MD.deviceRegistrationState', absent, same, 'registered', same, same, same, same],
  ['MD.autopilotEnrolled', absent, same, true, same, same, same, same],
  ['MD.ownerType', absent, same, 'company', same, same, same, same],
  ['MD.userPrincipalName', absent, same, '', same, same, same, user],
  ['MD.complianceState', absent, same, 'unknown', same, same, same, 'compliant'],
  ['MD.enrolledDateTime', absent, same, contacted, same, same, same, same],
  ['EVT.deploymentState', absent, 'inProgress', same, same, 'success', same, same],
  ['EVT.enrollmentType', absent, 'azureADJoinedWithWhiteGlove', same, same, same, same, same],
  ['counts.AP', 1, same, same, same, same, same, same],
  ['counts.DEV', 1, same, same, same, same, same, same],
  ['counts.MD', 0, same, 1, same, same, same, same],
];

/** The device's own state by checkpoint, as `dsregcmd /status` shows it. */
const localRows: readonly Row[] = [
  ['AzureAdJoined', 'NO', 'YES', same, 'NO', same, 'YES', same],
  ['DeviceId', absent, directoryObject, same, absent, same, directoryObject, same],
  ['AzureAdPrt', 'NO', same, same, same, same, same, 'YES'],
];

/** Everything in which a run differs from the table; empty for a run as it should be. */
export function deviations(result: RunResult): string[] {
  return [
    ...compare(cloudRows, cloudCheckpoints, result, (checkpoint, path) => {
      const records = result.outcome.snapshots.get(checkpoint);
      return records === undefined ? undefined : { value: valueAt(records, path) };
    }),
    ...compare(localRows, localCheckpoints, result, (checkpoint, field) => {
      const text = result.dsregcmd.get(checkpoint);
      return text === undefined ? undefined : { value: new RegExp(`^ *${field} : (.*?) *$`, 'm').exec(text)?.[1] };
    }),
  ];
}

function compare(
  rows: readonly Row[],
  checkpoints: readonly CheckpointName[],
  result: RunResult,
  look: (checkpoint: string, path: string) => { value: unknown } | undefined,
): string[] {
  return rows.flatMap(([path, ...expected]) => {
    let previous: unknown;
    return expected.flatMap((wanted, index) => {
      const checkpoint = checkpoints[index] ?? '';
      const seen = look(checkpoint, path);
      if (!seen) return [`${path} at ${checkpoint}: not reached`];
      const { value } = seen;
      const good =
        wanted === same
          ? isDeepStrictEqual(value, previous)
          : typeof wanted === 'function'
            ? wanted(value, result)
            : isDeepStrictEqual(value, wanted);
      previous = value;
      return good ? [] : [`${path} at ${checkpoint}: ${JSON.stringify(value)}`];
    });
  });
}
