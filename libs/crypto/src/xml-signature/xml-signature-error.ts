/** A document is not signed as it has to be: `malformed` what cannot be read or has no signature, `signature` what the key did not sign. */
export class XmlSignatureError extends Error {
  constructor(
    readonly problem: 'malformed' | 'signature',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'XmlSignatureError';
  }
}
