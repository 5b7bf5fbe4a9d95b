import { createHash, type KeyObject } from 'node:crypto';
import { decodePublicArea, type PublicArea, TpmFormatError, tpmHashes, tpmU16, tpmU32 } from '@greenscreen/wire/tpm';
import { ecPublicKey, rsaPublicKey } from '../keys/index.js';

/** Name of an object: `nameAlg || H(TPMT_PUBLIC)`, over the bytes as they came (TPM 2.0 Architecture, 16). Throws TpmFormatError. */
export function objectName(publicArea: Buffer): Buffer {
  return nameOf(decodePublicArea(publicArea).nameAlg, publicArea);
}

/** Qualified Name below a parent, whose own is given; of a primary, below its hierarchy's handle (reference 03, 3). */
export function qualifiedName(parent: Buffer | number, name: Buffer): Buffer {
  return nameOf(name.readUInt16BE(0), Buffer.concat([typeof parent === 'number' ? tpmU32(parent) : parent, name]));
}

function nameOf(nameAlg: number, bytes: Buffer): Buffer {
  const hash = tpmHashes[nameAlg];
  if (hash === undefined) throw new TpmFormatError('unknown name algorithm');
  return Buffer.concat([tpmU16(nameAlg), createHash(hash).update(bytes).digest()]);
}

/** The key of a public area. Throws KeyError when its numbers are no key. */
export function publicKeyOfArea(area: PublicArea): KeyObject {
  if (area.type === 'ecc') return ecPublicKey(area.curve, area.x, area.y);
  return rsaPublicKey(area.modulus, area.exponent === 0 ? undefined : tpmU32(area.exponent));
}
