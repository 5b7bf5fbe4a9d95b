import { createHash, createHmac } from 'node:crypto';
import { tpmU32 } from '@greenscreen/wire/tpm';

const label0 = (label: string): Buffer => Buffer.from(`${label}\0`, 'ascii');

/** KDFa (TPM 2.0 Architecture, 11.4.10.2): SP 800-108 in counter mode with HMAC. `bits` is a multiple of 8. */
export function kdfA(hash: string, key: Buffer, label: string, contextU: Buffer, contextV: Buffer, bits: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 1, length = 0; length < bits / 8; counter += 1) {
    const block = createHmac(hash, key)
      .update(Buffer.concat([tpmU32(counter), label0(label), contextU, contextV, tpmU32(bits)]))
      .digest();
    blocks.push(block);
    length += block.length;
  }
  return Buffer.concat(blocks).subarray(0, bits / 8);
}

/** KDFe (TPM 2.0 Architecture, 11.4.10.3): from an ECDH secret. */
export function kdfE(hash: string, z: Buffer, label: string, partyU: Buffer, partyV: Buffer, bits: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 1, length = 0; length < bits / 8; counter += 1) {
    const block = createHash(hash)
      .update(Buffer.concat([tpmU32(counter), z, label0(label), partyU, partyV]))
      .digest();
    blocks.push(block);
    length += block.length;
  }
  return Buffer.concat(blocks).subarray(0, bits / 8);
}
