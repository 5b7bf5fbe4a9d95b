import { dmClientProvider, under } from '@greenscreen/wire/dm-tree';
import { type CspNode } from '@greenscreen/wire/wap';

export interface DmClientIdentity {
  readonly enrollmentId: string;
  readonly deviceName: string;
  readonly upn: string | undefined;
}

/** How often the device comes by itself, in minutes: 5 times every 3, 8 times every 15, then every 8 hours for good (reference 04, 3.5). */
const poll: readonly (readonly [name: string, value: number | boolean])[] = [
  ['NumberOfFirstRetries', 5],
  ['IntervalForFirstSetOfRetries', 3],
  ['NumberOfSecondRetries', 8],
  ['IntervalForSecondSetOfRetries', 15],
  ['NumberOfRemainingScheduledRetries', 0],
  ['IntervalForRemainingScheduledRetries', 480],
  ['PollOnLogin', true],
];

/** Identity and poll schedule below DMClient/Provider. */
export function dmClientNodes({ enrollmentId, deviceName, upn }: DmClientIdentity): CspNode[] {
  const provider = dmClientProvider();
  const text = (name: string, data: string): CspNode => ({ uri: under(provider, name), format: 'chr', data });
  return [
    text('EntDeviceName', deviceName),
    text('EntDMID', enrollmentId),
    ...(upn === undefined ? [] : [text('UPN', upn)]),
    ...poll.map(([name, value]): CspNode => ({
      uri: under(provider, 'Poll', name),
      format: typeof value === 'number' ? 'int' : 'bool',
      data: String(value),
    })),
  ];
}
