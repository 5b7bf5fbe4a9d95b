import { EkServiceError } from './error.js';

/** Qualcomm and Pluton parts ask here, by POST only (reference 03, 1.5). */
export const QUALCOMM_EK_HOST = 'ekcert.spserv.microsoft.com';
export const QUALCOMM_EK_PATH = '/EKCertificate/GetEKCertificate/v1';

/** Bodies of both directions are unknown [our choice]: base64 of the TPM2B_PUBLIC, and of the certificate's DER. */
export const encodeQualcommRequest = (tpm2bPublic: Buffer): string => JSON.stringify({ EKPub: tpm2bPublic.toString('base64') });
export const decodeQualcommRequest = (body: Buffer): Buffer => memberOf(body, 'EKPub');

export const encodeQualcommAnswer = (certificate: Buffer): Record<string, string> => ({ EKCertificate: certificate.toString('base64') });
export const decodeQualcommAnswer = (body: Buffer): Buffer => memberOf(body, 'EKCertificate');

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Bytes of a base64 member. Throws {@link EkServiceError}. */
function memberOf(body: Buffer, name: string): Buffer {
  const member = Object.entries(objectOf(body)).find(([key]) => key === name)?.[1];
  if (typeof member !== 'string' || !BASE64.test(member)) throw new EkServiceError(`no usable ${name}`);
  return Buffer.from(member, 'base64');
}

function objectOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    throw new EkServiceError('not JSON', { cause: error });
  }
}
