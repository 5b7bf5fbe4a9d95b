/** A message of the registration service is unusable: names the member that is missing or malformed. */
export class DrsFormatError extends Error {
  constructor(
    readonly member: string,
    options?: ErrorOptions,
  ) {
    super(`Unusable ${member}`, options);
    this.name = 'DrsFormatError';
  }
}
