import { CertificateError } from './error.js';

/** PEM with lines of 64 characters and a final line feed. */
export const toPem = (der: Buffer, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`;

/** DER of every block with this label, in order; text around them is skipped. Throws CertificateError when a block is not base64. */
export function fromPem(pem: string, label = 'CERTIFICATE'): Buffer[] {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  return pem
    .split(begin)
    .slice(1)
    .map((block) => {
      const stop = block.indexOf(end);
      const text = block.slice(0, stop).replace(/\s/g, '');
      if (stop < 0 || text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new CertificateError(`Not a usable PEM block "${label}"`);
      return Buffer.from(text, 'base64');
    });
}
