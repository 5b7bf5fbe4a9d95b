/** What of a credential is wrong: its form, the secret that is encrypted to the key, the size of the seed in it, or its integrity. */
export type CredentialProblem = 'format' | 'secret' | 'seed' | 'integrity';

/** A credential that this key did not get, or that is damaged. */
export class CredentialError extends Error {
  constructor(
    readonly problem: CredentialProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CredentialError';
  }
}
