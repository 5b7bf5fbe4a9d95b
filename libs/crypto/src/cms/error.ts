/** The bytes are not the CMS message that was expected, or its protection does not hold. */
export class CmsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CmsError';
  }
}
