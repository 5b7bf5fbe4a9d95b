import { ScepError } from './error.js';
import { attestationPlatforms } from './key-attestation-statement.codec.js';
import { decodeWords, encodeWords } from './little-endian.js';

const MAGIC = 0x48434154; // "TACH"
const VERSION = 1;
const HEADER_BYTES = 24;

/** What TPM2_ActivateCredential takes: TPM2_MakeCredential's two outputs, each with its TPM2B size (reference 03, 2.12). */
export interface AttestationChallenge {
  /** TPM2B_ID_OBJECT. */
  readonly credentialBlob: Buffer;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Buffer;
}

/** The TACH blob: little-endian header, then both structures. */
export function encodeAttestationChallenge({ credentialBlob, secret }: AttestationChallenge): Buffer {
  const size = credentialBlob.length + secret.length;
  return Buffer.concat([encodeWords(MAGIC, VERSION, attestationPlatforms.tpm20, HEADER_BYTES, size, 0), credentialBlob, secret]);
}

/** Throws {@link ScepError} for anything but a TPM 2.0 challenge whose sizes add up; a second section is skipped. */
export function decodeAttestationChallenge(bytes: Buffer): AttestationChallenge {
  const [magic, version, platform, header, size = 0, further = 0] = decodeWords(bytes, 6);
  if (magic !== MAGIC || version !== VERSION || platform !== attestationPlatforms.tpm20) throw new ScepError('not a TPM 2.0 challenge');
  if (header !== HEADER_BYTES || HEADER_BYTES + size + further !== bytes.length) throw new ScepError('the sizes do not add up');
  const structures = bytes.subarray(HEADER_BYTES, HEADER_BYTES + size);
  const end = structures.length < 2 ? 2 : 2 + structures.readUInt16BE(0);
  const secret = structures.subarray(end);
  if (secret.length < 2 || secret.length !== 2 + secret.readUInt16BE(0)) throw new ScepError('the structures do not fill the challenge');
  return { credentialBlob: structures.subarray(0, end), secret };
}
