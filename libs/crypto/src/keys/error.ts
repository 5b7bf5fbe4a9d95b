/** Bytes or numbers that are no usable key, or a key of another kind than was asked for. */
export class KeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
  }
}

/** Turns what node:crypto and the DER reader throw into {@link KeyError}. */
export function keyGuard<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof KeyError) throw error;
    throw new KeyError(`Unusable ${what}`, { cause: error });
  }
}
