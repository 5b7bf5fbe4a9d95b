import { ScepError } from './error.js';
import { decodeWords, encodeWords } from './little-endian.js';

const MAGIC = 0x5453414b; // "KAST"
const VERSION = 1;
const HEADER_BYTES = 28;

/** `Platform` of a statement. */
export const attestationPlatforms = { tpm12: 1, tpm20: 2 } as const;

/**
 * KeyAttestationStatement of an AIK enrollment (MS-WCCE 2.2.2.5; reference 03, 2.8): how the key was made, said by the key itself. TPM
 * structures, big endian.
 */
export interface KeyAttestationStatement {
  /** TPMT_PUBLIC, without the TPM2B size. */
  readonly publicArea: Buffer;
  /** TPMS_CREATION_DATA, without the TPM2B size: what the TPM hashed. */
  readonly creationData: Buffer;
  /** TPMS_ATTEST, without the TPM2B size: what is signed. */
  readonly attest: Buffer;
  /** TPMT_SIGNATURE. */
  readonly signature: Buffer;
}

export function encodeKeyAttestationStatement({ publicArea, creationData, attest, signature }: KeyAttestationStatement): Buffer {
  const binding = Buffer.concat([...[publicArea, creationData, attest].map(sized), signature]);
  return Buffer.concat([encodeWords(MAGIC, VERSION, attestationPlatforms.tpm20, HEADER_BYTES, binding.length, 0, 0), binding]);
}

/**
 * Throws {@link ScepError} for another magic, version or platform, for sizes that do not add up, and for the two parts that only other
 * dialogues carry. The signature takes the rest: who decodes it finds what is left over.
 */
export function decodeKeyAttestationStatement(bytes: Buffer): KeyAttestationStatement {
  const [magic, version, platform, header, binding = 0, keyAttestation = 0, aikOpaque = 0] = decodeWords(bytes, 7);
  if (magic !== MAGIC || version !== VERSION) throw new ScepError('not a key attestation statement');
  if (platform !== attestationPlatforms.tpm20) throw new ScepError('not of a TPM 2.0');
  if (header !== HEADER_BYTES || HEADER_BYTES + binding + keyAttestation + aikOpaque !== bytes.length)
    throw new ScepError('the sizes do not add up');
  if (keyAttestation !== 0 || aikOpaque !== 0) throw new ScepError('not an AIK’s own statement');
  const [publicArea, afterPublic] = takeSized(bytes.subarray(HEADER_BYTES));
  const [creationData, afterCreation] = takeSized(afterPublic);
  const [attest, signature] = takeSized(afterCreation);
  return { publicArea, creationData, attest, signature };
}

/** TPM2B: a 16-bit size in front. */
const sized = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);

function takeSized(bytes: Buffer): [content: Buffer, rest: Buffer] {
  const end = bytes.length < 2 ? 2 : 2 + bytes.readUInt16BE(0);
  if (end > bytes.length) throw new ScepError('truncated TPM structure');
  return [bytes.subarray(2, end), bytes.subarray(end)];
}
