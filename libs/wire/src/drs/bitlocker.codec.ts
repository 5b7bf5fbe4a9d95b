import { DrsFormatError } from './error.js';
import { Members } from './members.js';

/** `volumeType`: what a recovery key opens (reference 02, 13.4 [inferred]). */
export const volumeTypes = { operatingSystem: 1, fixedData: 2, removable: 3 } as const;

export interface BitLockerKeyEntry {
  /** GUID. */
  readonly keyId: string;
  readonly volumeType: number;
}

export const encodeBitLockerKeys = (keys: readonly BitLockerKeyEntry[]): Record<string, unknown> => ({
  keys: keys.map(({ keyId, volumeType }) => ({ kid: keyId, volumeType })),
});

/** Keys of one request at most. */
const LIMIT = 16;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function listOf(value: unknown): unknown[] {
  const keys = Members.of(value)?.get('keys') ?? Members.of(value)?.get('kids');
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > LIMIT) throw new DrsFormatError('keys');
  return keys;
}

function guidOf(value: unknown): string {
  if (typeof value !== 'string' || !GUID.test(value)) throw new DrsFormatError('kid');
  return value.toLowerCase();
}

/** Ids of the keys to delete: `{"kids":[…]}`. Throws DrsFormatError. */
export const decodeBitLockerKeyIds = (value: unknown): string[] => listOf(value).map(guidOf);

/** Keys to keep, each with its recovery password [our choice: the body is not known]. Throws DrsFormatError. */
export const decodeBitLockerKeys = (value: unknown): (BitLockerKeyEntry & { readonly key: string })[] =>
  listOf(value).map((entry) => {
    const members = Members.of(entry);
    const volumeType = members?.get('volumeType');
    if (!members || !Object.values<unknown>(volumeTypes).includes(volumeType)) throw new DrsFormatError('volumeType');
    return { keyId: guidOf(members.get('kid')), volumeType: Number(volumeType), key: members.requiredText('key') };
  });
