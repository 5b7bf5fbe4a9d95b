import { JsonFormatError, parseObject, requiredText } from '../json/index.js';

/** `POST <LinuxEnrollmentService>/enroll` (himmelblau-idm/intune-spec 2.1.1). */
export interface LinuxEnrollRequest {
  /** DER of the PKCS#10 request. */
  readonly csr: Buffer;
  /** Of the portal; `0.0.0` occurs [client: libhimmelblau]. */
  readonly appVersion: string;
  readonly deviceName: string;
}

const PEM = /-----(?:BEGIN|END) (?:NEW )?CERTIFICATE REQUEST-----/g;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Throws JsonFormatError. The request comes as PEM [client: libhimmelblau], or as bare base64 [doc: intune-spec]. */
export function decodeLinuxEnrollRequest(text: string): LinuxEnrollRequest {
  const body = parseObject(text);
  const base64 = requiredText(body, 'CertificateSigningRequest').replace(PEM, '').replace(/\s/g, '');
  if (!BASE64.test(base64)) throw new JsonFormatError('CertificateSigningRequest');
  return {
    csr: Buffer.from(base64, 'base64'),
    appVersion: requiredText(body, 'AppVersion'),
    deviceName: requiredText(body, 'DeviceName'),
  };
}

export interface LinuxEnrollAnswer {
  /** Intune device id. */
  readonly deviceId: string;
  /** SHA-1 of the certificate, upper-case hex. */
  readonly thumbprint: string;
  /** DER. */
  readonly certificate: Buffer;
  /** Days before its end from which the certificate may be renewed. */
  readonly renewPeriod: number;
}

/** The certificate's bytes are a list of numbers [trace: intune-spec 3.1; client: libhimmelblau]. */
export const encodeLinuxEnrollAnswer = ({ deviceId, thumbprint, certificate, renewPeriod }: LinuxEnrollAnswer): string =>
  JSON.stringify({ deviceId, certificate: { thumbprint, certBlob: [...certificate] }, renewPeriod });
