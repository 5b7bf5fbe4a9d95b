/** XML that is no usable message of login.live.com. */
export class MsaMessageError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'MsaMessageError';
  }
}
