/** The bytes are not the DER (or tolerated BER) that was expected. */
export class DerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DerError';
  }
}
