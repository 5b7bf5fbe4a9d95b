/** The bytes are not the TPM 2.0 structure that was expected. */
export class TpmFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TpmFormatError';
  }
}
