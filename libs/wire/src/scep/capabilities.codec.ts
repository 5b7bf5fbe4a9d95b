/** Keywords of the AIK service, in its order (reference 03, 2.3 [client: tpm-carte-blanche]). */
export const aikCapabilities = [
  'SHA-256',
  'SHA-1',
  'AES256',
  'AES128',
  'DES3',
  'POSTPKIOperation',
  /** Announces the challenge extension. */
  'IdentityKeyAttestation',
  /** Spelt so: the client then asks GetCACertChain. */
  'GetCaCertChain',
] as const;

/** GetCACaps: one keyword a line, LF between them and CRLF at the end (reference 03, 2.3). */
export const encodeCapabilities = (keywords: readonly string[]): string => `${keywords.join('\n')}\r\n`;

/** Keywords in lower case: clients compare them without regard to case. */
export const decodeCapabilities = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(/\r?\n/)
      .map((line) => line.trim().toLowerCase())
      .filter((line) => line !== ''),
  );
