/** An IME message is not what it should be. */
export class ImeCodecError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImeCodecError';
  }
}
