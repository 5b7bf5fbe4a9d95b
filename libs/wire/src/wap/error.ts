/** Which part of the document is wrong: Windows has an HRESULT for each. */
export type WapProblem = 'document' | 'characteristic' | 'certificates' | 'account' | 'nodes';

/** The bytes are no usable provisioning document. */
export class WapError extends Error {
  constructor(
    readonly problem: WapProblem,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = 'WapError';
  }
}
