import { z } from 'zod';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(text: string): number {
  const [, sign = '', amount = '0', unit = 's'] = /^([+-]?)(\d+)(\w+)$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * Number(amount) * (units[unit] ?? 1);
}

/** `95m`, `450ms`, `6h`, `30d` → milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'is not a duration such as 450ms, 30s, 7m, 2h or 190d')
  .transform(milliseconds);

/** `-5m`, `+10m` → milliseconds. */
export const signedDuration = z
  .string()
  .regex(/^[+-]?\d+(ms|s|m|h|d)$/, 'is not a duration such as -5m or +10m')
  .transform(milliseconds);
