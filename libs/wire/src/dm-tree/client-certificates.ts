import { under } from './loc-uri.js';

/** `./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/<id>[/<node>]` (ClientCertificateInstall CSP). */
export const scepRequest = (id: string, ...node: readonly string[]): string =>
  under('./Device/Vendor/MSFT/ClientCertificateInstall/SCEP', id, ...node);
