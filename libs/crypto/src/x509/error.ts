/** The bytes are not a usable X.509 certificate, or one of its extensions is unusable. */
export class CertificateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
  }
}

/** Turns what readers below throw into {@link CertificateError}. */
export function certificateGuard<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CertificateError) throw error;
    throw new CertificateError(error instanceof Error ? `Not a usable ${what}: ${error.message}` : `Not a usable ${what}`, {
      cause: error,
    });
  }
}
