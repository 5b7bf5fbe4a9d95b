/** JSON that is not what a protocol wants. Names the member. */
export class JsonFormatError extends Error {
  constructor(readonly member: string) {
    super(`${member} is missing or of another type`);
    this.name = 'JsonFormatError';
  }
}
