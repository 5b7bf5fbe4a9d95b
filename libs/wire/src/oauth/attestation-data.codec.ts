/** The three parts of a TPM statement about a key (reference 06, D-A17). */
export interface AttestationData {
  /** TPMT_PUBLIC of the certified key, without the TPM2B size. */
  readonly publicArea: Buffer;
  /** TPMS_ATTEST. */
  readonly attest: Buffer;
  /** TPMT_SIGNATURE by the AIK. */
  readonly signature: Buffer;
}

/** The bytes are not three length-prefixed parts. */
export class AttestationDataError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AttestationDataError';
  }
}

const PART_LIMIT = 8192;

const part = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** base64 of three parts, each `u32le length | bytes`: `attestation_data` at the STS, `AttestationData` at DRS. */
export const encodeAttestationData = ({ publicArea, attest, signature }: AttestationData): string =>
  Buffer.concat([publicArea, attest, signature].map(part)).toString('base64');

/** Inverse; refuses missing, oversized and left-over bytes with {@link AttestationDataError}. */
export function decodeAttestationData(text: string): AttestationData {
  const bytes = Buffer.from(text, 'base64');
  const parts: Buffer[] = [];
  let at = 0;
  while (parts.length < 3) {
    if (at + 4 > bytes.length) throw new AttestationDataError('a part is missing');
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (length > PART_LIMIT || at + length > bytes.length) throw new AttestationDataError('a part exceeds the data');
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw new AttestationDataError('bytes are left over');
  const [publicArea = Buffer.alloc(0), attest = Buffer.alloc(0), signature = Buffer.alloc(0)] = parts;
  return { publicArea, attest, signature };
}
