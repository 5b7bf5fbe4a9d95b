import { type EntraDevice } from '@greenscreen/model/directory';
import { joinTypes } from '@greenscreen/wire/drs';

/** What a join type makes of an object (reference 02, 10.3). */
export function trustTypeOf(joinType: number): NonNullable<EntraDevice['trustType']> {
  if (joinType === joinTypes.register) return 'Workplace';
  return joinType === joinTypes.hybrid ? 'ServerAd' : 'AzureAd';
}
