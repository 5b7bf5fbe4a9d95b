import { type ReceivedFault } from '@greenscreen/wire/soap';

/** MENROLL_E_… codes that Windows makes from a fault's words, in the order in which it looks (reference 04, 3.7 [win-static]). */
const substrings: readonly (readonly [words: readonly string[], hresult: number])[] = [
  [['NotEligibleToRenew'], 0x80180016],
  [['MessageFormat'], 0x80180001],
  [['Authentication'], 0x80180002],
  [['Authorization'], 0x80180003],
  [['CertificateRequest', 'CertificateAuthority'], 0x80180004],
  [['EnrollmentServer'], 0x80180005],
  [['InternalServiceFault', 'InternalServerFault'], 0x80180006],
  [['InvalidSecurity'], 0x80180007],
  [['DeviceCapReached'], 0x80180013],
  [['DeviceNotSupported'], 0x80180014],
  [['NotSupported'], 0x80180015],
  [['InMaintenance'], 0x80180017],
  [['UserLicense'], 0x80180018],
  [['InvalidEnrollmentData'], 0x80180019],
  [['CustomServerError'], 0x80180032],
];

/** MENROLL_E_DEVICE_UNKNOWN_ERROR: no word that Windows knows. */
const UNKNOWN = 0x80180008;
/** Alone among the words, this one counts in the Reason too. */
const IN_REASON = 'NotEligibleToRenew';

/**
 * The HRESULT of a fault: ErrorType, or when that is missing or empty the Subcode, searched for case-sensitive substrings in a fixed
 * order. ErrorType wins, so a `DeviceNotSupported` under `s:Authorization` is 0x80180014 (reference 04, 3.7 steps 2 to 4).
 */
export function hresultOfFault({ errorType, subcode, reason }: Pick<ReceivedFault, 'errorType' | 'subcode' | 'reason'>): number {
  const said = errorType || subcode;
  if (reason.includes(IN_REASON)) return 0x80180016;
  return substrings.find(([words]) => words.some((word) => said.includes(word)))?.[1] ?? UNKNOWN;
}
