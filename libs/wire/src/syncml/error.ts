/** The bytes are no SyncML message of OMA-DM: not XML, another root or protocol version, or a command without what it must have. */
export class SyncMlError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'SyncMlError';
  }
}
