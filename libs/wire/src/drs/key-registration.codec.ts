import { DrsFormatError } from './error.js';
import { Members } from './members.js';
import { decodeTransportKey, type TransportKey } from './transport-key.codec.js';

/** Reads a key registration: the Windows Hello key as a base64 CNG blob in `kngc` (MS-KPP 3.1.5.1.1.1). Throws DrsFormatError. */
export function decodeKeyRegistration(value: unknown): TransportKey {
  const members = Members.of(value);
  if (!members) throw new DrsFormatError('request body');
  return decodeTransportKey(members.requiredText('kngc'), 'kngc');
}

export const encodeKeyRegistration = (kngc: string): string => JSON.stringify({ kngc });

/** A registered key (MS-KPP 3.1.5.1.1.2). */
export interface RegisteredKey {
  /** GUID. */
  readonly keyId: string;
  readonly upn: string;
}

export const encodeRegisteredKey = ({ keyId, upn }: RegisteredKey): Record<string, unknown> => ({ kid: keyId, upn });

/** Reads the answer; undefined when it is none. */
export function decodeRegisteredKey(value: unknown): RegisteredKey | undefined {
  const members = Members.of(value);
  const [keyId, upn] = [members?.get('kid'), members?.get('upn')];
  return typeof keyId === 'string' && typeof upn === 'string' ? { keyId, upn } : undefined;
}
