export type HardwareHashProblem =
  /** Not base64. */
  | 'base64'
  /** Does not start with `OA`, or is shorter than its header says. */
  | 'container'
  /** A record is too short, or runs past the end of the records. */
  | 'record'
  /** The trailer is missing or its digest is another one. */
  | 'checksum'
  /** The EK is of a kind that is not accepted, or none at all (reference 01, 1.4; 06, D-A2). */
  | 'ek'
  /** OfflineDeviceId is not the digest of the EK beside it. */
  | 'ek_mismatch';

/** A hardware hash that cannot be used, and why. The import turns each of them into DDS code 802. */
export class HardwareHashError extends Error {
  constructor(
    readonly problem: HardwareHashProblem,
    message: string,
  ) {
    super(message);
    this.name = 'HardwareHashError';
  }
}
