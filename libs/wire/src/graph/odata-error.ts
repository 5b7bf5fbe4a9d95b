/** A query option, a filter or a body that cannot be read. Graph answers 400 with this text. */
export class ODataError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ODataError';
  }
}
