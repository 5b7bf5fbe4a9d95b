import { createPublicKey, type KeyObject } from 'node:crypto';
import { KeyError, keyGuard } from './error.js';

export type EcCurve = 'P-256' | 'P-384' | 'P-521';

const isCurve = (name: string | undefined): name is EcCurve => name === 'P-256' || name === 'P-384' || name === 'P-521';

/** Coordinates, big endian, padded to the field size. */
export function ecPoint(key: KeyObject): { curve: EcCurve; x: Buffer; y: Buffer } {
  const { crv, x, y } = keyGuard('EC key', () => key.export({ format: 'jwk' }));
  if (!x || !y || !isCurve(crv)) throw new KeyError('not an EC key of a NIST curve');
  return { curve: crv, x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

/** An EC public key from its point; refused when the point is not on the curve. */
export const ecPublicKey = (curve: EcCurve, x: Buffer, y: Buffer): KeyObject =>
  keyGuard('EC point', () =>
    createPublicKey({ key: { kty: 'EC', crv: curve, x: x.toString('base64url'), y: y.toString('base64url') }, format: 'jwk' }),
  );
