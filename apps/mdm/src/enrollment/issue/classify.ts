import { type EnrollmentTypeNumber } from '@greenscreen/model/mdm-enrollment';
import { type ContextItems } from '@greenscreen/wire/wstep';

/** What classification looks at. */
export interface Classified {
  readonly context: ContextItems;
  /** Of the token; undefined for a device token. */
  readonly upn: string | undefined;
  readonly hasDeviceId: boolean;
}

type Rule = readonly [type: EnrollmentTypeNumber, applies: (request: Classified) => boolean];

const has = ({ context }: Classified, name: string): boolean => (context.get(name) ?? '') !== '';
const full = ({ context }: Classified): boolean => context.get('EnrollmentType') === 'Full';

/**
 * Intune's enrollment type, first match (reference 04, 3.3; 06 D-B12: a mode flag counts when it parses as true). The user-driven Autopilot
 * rows need a user: the traced refusal of a device token without a mode flag names UserCorporateWithAAD.
 */
const rules: readonly Rule[] = [
  [29, ({ context }) => context.flag('WhiteGlove')],
  [30, ({ context }) => context.flag('WhiteGloveHybridJoin')],
  [25, ({ context }) => context.flag('PlugAndForget')],
  [35, ({ context }) => context.flag('AzVMIAMExtensionJoin')],
  [11, ({ context, upn }) => context.flag('BulkAADJ') || upn?.toLowerCase().startsWith('package_') === true],
  [15, (request) => request.upn !== undefined && has(request, 'OfflineAutoPilotEnrollmentCorrelator') && has(request, 'DomainName')],
  [27, (request) => request.upn !== undefined && has(request, 'OfflineAutoPilotEnrollmentCorrelator')],
  [13, (request) => request.upn !== undefined && has(request, 'ZeroTouchProvisioning')],
  [10, (request) => request.upn !== undefined && has(request, 'DomainName')],
  [4, (request) => request.hasDeviceId && !full(request)],
  [2, (request) => request.hasDeviceId],
];

/** A user without a device claim. */
const OTHERWISE: EnrollmentTypeNumber = 1;

export function classify(request: Classified): EnrollmentTypeNumber {
  return rules.find(([, applies]) => applies(request))?.[0] ?? OTHERWISE;
}
