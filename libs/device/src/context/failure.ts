/** A step of the deployment failed in the way that Windows shows: an HRESULT, and what it was. */
export class DeploymentError extends Error {
  constructor(
    /** Unsigned 32-bit. */
    readonly hresult: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${hex(hresult)} ${message}`, options);
    this.name = 'DeploymentError';
  }
}

/** `0x801c03f3`: lower case, eight digits, as the Enrollment Status Page prints it (reference 05, A.6). */
export function hex(hresult: number): string {
  return `0x${(hresult >>> 0).toString(16).padStart(8, '0')}`;
}

/** 0x80190000 + HTTP status (reference 05, B.0). */
export const hresultOfStatus = (status: number): number => (0x80190000 + status) >>> 0;
