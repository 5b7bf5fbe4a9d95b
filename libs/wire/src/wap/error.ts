/** The bytes are no usable provisioning document. */
export class WapError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'WapError';
  }
}
