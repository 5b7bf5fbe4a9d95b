/** An answer or a key that an EK certificate service does not know. */
export class EkServiceError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'EkServiceError';
  }
}
