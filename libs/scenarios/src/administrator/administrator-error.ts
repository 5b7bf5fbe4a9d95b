/** A step of the administrator's script failed: what it was, and what the cloud said. */
export class AdministratorError extends Error {
  constructor(
    readonly step: string,
    message: string,
    readonly status = 0,
  ) {
    super(`${step}: ${message}`);
    this.name = 'AdministratorError';
  }
}
