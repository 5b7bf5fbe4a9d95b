/** Input that is not well-formed XML, or that uses what our protocols never need (DTD, entities, excessive depth or size). */
export class XmlError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'XmlError';
  }
}
