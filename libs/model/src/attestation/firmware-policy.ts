import { type EntityManager, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { FirmwareRule } from './firmware-rule.entity.js';

/** A firmware version as an EK certificate's tpmVersion holds it: two 16-bit numbers. */
export interface FirmwareVersion {
  readonly major: number;
  readonly minor: number;
}

/** Infineon's versions with weak RSA keys (ADV170012 [client: public check scripts]; reference 03, 5.3): major, first and last minor. */
const weakInfineon: readonly (readonly [major: number, from: number, to: number])[] = [
  [4, 0, 33],
  [4, 40, 42],
  [5, 0, 61],
  [6, 0, 42],
  [7, 0, 61],
  [133, 0, 32],
];

const isWeak = (vendor: string, { major, minor }: FirmwareVersion): boolean =>
  vendor === 'IFX' && weakInfineon.some(([weak, from, to]) => major === weak && minor >= from && minor <= to);

/** Whether a vendor's firmware is known to be vulnerable: by the lab's own rules, then by the built-in list. */
export async function isVulnerableFirmware(em: EntityManager, vendor: string, version: FirmwareVersion): Promise<boolean> {
  const { major, minor } = version;
  const rules = await em.findBy(FirmwareRule, {
    vendor,
    major,
    minorFrom: LessThanOrEqual(minor),
    minorTo: MoreThanOrEqual(minor),
  });
  if (rules.some(({ verdict }) => verdict === 'vulnerable')) return true;
  return rules.length === 0 && isWeak(vendor, version);
}
