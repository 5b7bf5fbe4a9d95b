import { type DeviceContext, type Registry } from '../context/index.js';

/** Where this Windows installation keeps its account at login.live.com; a reset takes it along [our choice of names]. */
const KEY = 'HKU\\S-1-5-18\\SOFTWARE\\Microsoft\\IdentityCRL\\DeviceIdentities\\production';
/** The installation's id in plain text (reference 01, 4.1 [client: deGDID]). */
const EXTENDED_KEY = 'HKU\\S-1-5-18\\SOFTWARE\\Microsoft\\IdentityCRL\\ExtendedProperties';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PRINTABLE = `${LETTERS}ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%*+-./:=?@_`;
const NAME_LENGTH = 14;
const PASSWORD_LENGTH = 20;

export interface DeviceAccount {
  readonly membername: string;
  readonly password: string;
}

/** The installation's account; made up when it has none yet: `02` and 14 characters, and a password of 20. */
export function deviceAccount({ registry, random }: Pick<DeviceContext, 'registry' | 'random'>): DeviceAccount {
  const membername = registry.get(KEY, 'Membername');
  const password = registry.get(KEY, 'Password');
  if (typeof membername === 'string' && typeof password === 'string') return { membername, password };
  const pick = (alphabet: string, length: number): string =>
    [...random.bytes(length)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('');
  const account = { membername: `02${pick(LETTERS, NAME_LENGTH)}`, password: pick(PRINTABLE, PASSWORD_LENGTH) };
  registry.set(KEY, 'Membername', account.membername);
  registry.set(KEY, 'Password', account.password);
  return account;
}

/** What the service called the installation. */
export function noteGlobalDeviceId(registry: Registry, globalDeviceId: string): void {
  registry.set(EXTENDED_KEY, 'LID', globalDeviceId);
}
