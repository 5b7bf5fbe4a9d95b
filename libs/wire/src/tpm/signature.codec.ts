import { tpmAlgorithms as alg, tpmHashes } from './constants.js';
import { TpmFormatError } from './error.js';
import { tpm2b, TpmReader, tpmU16 } from './marshalling.js';

/** TPMT_SIGNATURE; an ECDSA one is `r || s`, padded alike. */
export interface TpmSignature {
  readonly scheme: 'rsassa' | 'rsapss' | 'ecdsa';
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly signature: Buffer;
}

const schemes: Readonly<Record<number, TpmSignature['scheme']>> = {
  [alg.rsassa]: 'rsassa',
  [alg.rsapss]: 'rsapss',
  [alg.ecdsa]: 'ecdsa',
};

export function encodeTpmSignature({ scheme, hash, signature }: TpmSignature): Buffer {
  const half = signature.length / 2;
  const parts = scheme === 'ecdsa' ? [tpm2b(signature.subarray(0, half)), tpm2b(signature.subarray(half))] : [tpm2b(signature)];
  return Buffer.concat([tpmU16(alg[scheme]), tpmU16(alg[hash]), ...parts]);
}

/** Throws {@link TpmFormatError} for other schemes and for left-over bytes. */
export function decodeTpmSignature(bytes: Buffer): TpmSignature {
  const reader = new TpmReader(bytes);
  const scheme = schemes[reader.u16()];
  const hash = tpmHashes[reader.u16()];
  if (scheme === undefined || hash === undefined) throw new TpmFormatError('unknown signature scheme');
  const signature = scheme === 'ecdsa' ? evenly(reader.sized(), reader.sized()) : reader.sized();
  reader.end();
  return { scheme, hash, signature };
}

/** A TPM leaves out leading zeros. */
function evenly(r: Buffer, s: Buffer): Buffer {
  const size = Math.max(r.length, s.length);
  return Buffer.concat([r, s].map((part) => Buffer.concat([Buffer.alloc(size - part.length), part])));
}
