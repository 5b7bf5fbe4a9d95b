export type JoseProblem = 'malformed' | 'algorithm' | 'signature' | 'unknown_key' | 'decryption';

/** A JOSE object cannot be used, and in which of the few ways that callers tell apart. */
export class JoseError extends Error {
  constructor(
    readonly problem: JoseProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'JoseError';
  }
}
