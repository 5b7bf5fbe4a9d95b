import { dmClientProvider, INTUNE_PROVIDER, under } from '@greenscreen/wire/dm-tree';
import { type CspNode } from '@greenscreen/wire/wap';

export interface DmClientIdentity {
  readonly enrollmentId: string;
  readonly deviceName: string;
  readonly upn: string | undefined;
}

/** Nodes below `Poll`: numbers of times, and minutes. */
export type PollSchedule = readonly (readonly [name: string, value: number | boolean])[];

/** How often the device comes by itself: 5 times every 3 minutes, 8 times every 15, then every 8 hours for good (reference 04, 3.5). */
const intuneSchedule: PollSchedule = [
  ['NumberOfFirstRetries', 5],
  ['IntervalForFirstSetOfRetries', 3],
  ['NumberOfSecondRetries', 8],
  ['IntervalForSecondSetOfRetries', 15],
  ['NumberOfRemainingScheduledRetries', 0],
  ['IntervalForRemainingScheduledRetries', 480],
  ['PollOnLogin', true],
];

/** Identity and poll schedule below DMClient/Provider. */
export function dmClientNodes(
  { enrollmentId, deviceName, upn }: DmClientIdentity,
  providerId = INTUNE_PROVIDER,
  schedule = intuneSchedule,
): CspNode[] {
  const provider = dmClientProvider(providerId);
  const text = (name: string, data: string): CspNode => ({ uri: under(provider, name), format: 'chr', data });
  return [
    text('EntDeviceName', deviceName),
    text('EntDMID', enrollmentId),
    ...(upn === undefined ? [] : [text('UPN', upn)]),
    ...schedule.map(([name, value]): CspNode => ({
      uri: under(provider, 'Poll', name),
      format: typeof value === 'number' ? 'int' : 'bool',
      data: String(value),
    })),
  ];
}
