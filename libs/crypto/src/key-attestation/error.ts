/** A TPM's statement about a key does not say what it has to say. */
export class KeyAttestationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyAttestationError';
  }
}
