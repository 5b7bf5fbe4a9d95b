import { type DeviceContext } from '../context/index.js';

const KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName';
const VALUE = 'ComputerName';
/** NetBIOS. */
const LONGEST = 15;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

type NameContext = Pick<DeviceContext, 'registry' | 'random' | 'traits'>;

/** The PC's name: what set-up made up on first start, or what the profile asked for. */
export function computerName(context: NameContext): string {
  const known = context.registry.get(KEY, VALUE);
  return typeof known === 'string' ? known : rename(context, `DESKTOP-${randomText(context, LETTERS, 7)}`);
}

/**
 * Takes a profile's `CloudAssignedDeviceName`: `%SERIAL%` is the serial number without what a name may not hold, `%RAND:x%` stands for x
 * digits, and the whole is cut at 15 characters (reference 01, 6.1). A template without a usable character leaves the name as it is.
 */
export function applyNameTemplate(context: NameContext, template: string): string {
  const name = template
    .replace(/%SERIAL%/gi, () => context.traits.serial)
    .replace(/%RAND:(\d+)%/gi, (_, count: string) => randomText(context, '0123456789', Math.min(Number(count), LONGEST)))
    .replace(/[^A-Za-z0-9-]/g, '')
    .slice(0, LONGEST);
  return name === '' ? computerName(context) : rename(context, name);
}

function rename({ registry }: NameContext, name: string): string {
  registry.set(KEY, VALUE, name);
  return name;
}

function randomText({ random }: NameContext, alphabet: string, length: number): string {
  return [...random.bytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
