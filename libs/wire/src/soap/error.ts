/** XML that is no usable SOAP message of the operation at hand. */
export class SoapError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'SoapError';
  }
}
