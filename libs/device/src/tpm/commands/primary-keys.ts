import { decodePublicArea, encodePublicArea, type PublicArea, TpmFormatError } from '@greenscreen/wire/tpm';
import { type TpmKey } from '../tpm.js';
import { createPrimary, keyOf, persist, readPublic } from './objects.js';
import { type PersistentHandles } from './persistent-handles.js';
import { type TpmTransport } from './transport.js';

export interface PrimaryKey {
  readonly hierarchy: number;
  readonly template: PublicArea;
  /** Where provisioning tools put it. */
  readonly handle: number;
}

/**
 * A primary key of a template: the one at its usual place, or a new one there. A key of another making that stands at this place is somebody
 * else's and stays: the same key is made again at a handle of our own.
 */
export async function primaryKey(transport: TpmTransport, handles: PersistentHandles, wanted: PrimaryKey): Promise<TpmKey> {
  const standing = await readPublic(transport, wanted.handle);
  if (standing && isMadeFrom(wanted.template, standing)) return keyOf(wanted.handle, standing);
  const { handle, area } = await createPrimary(transport, wanted.hierarchy, wanted.template);
  const place = standing ? handles.take() : wanted.handle;
  await persist(transport, handle, place);
  return keyOf(place, area);
}

function isMadeFrom(template: PublicArea, standing: Buffer): boolean {
  try {
    return encodePublicArea(withoutUnique(decodePublicArea(standing))).equals(encodePublicArea(withoutUnique(template)));
  } catch (error) {
    if (error instanceof TpmFormatError) return false;
    throw error;
  }
}

const NOTHING = Buffer.alloc(0);
const withoutUnique = (area: PublicArea): PublicArea =>
  area.type === 'rsa' ? { ...area, modulus: NOTHING } : { ...area, x: NOTHING, y: NOTHING };
