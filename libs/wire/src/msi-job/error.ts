/** The text is no MsiInstallJob. */
export class MsiJobError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'MsiJobError';
  }
}
