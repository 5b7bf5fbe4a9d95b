import { type FaultAction } from '@greenscreen/model/faults';

/** A fault that fires in the exchange in hand. */
export interface Injection {
  /** Id of its rule. */
  readonly rule: string;
  readonly tenantId: string | null;
  readonly marked: boolean;
  readonly action: FaultAction;
}
