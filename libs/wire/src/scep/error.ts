/** Bytes or text that are not the SCEP structure that was expected. */
export class ScepError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'ScepError';
  }
}
