import { type NodeScope, under } from './loc-uri.js';

/** Stores that RootCATrustedCertificates has for a scope: roots, and intermediate authorities. */
export type TrustedStore = 'Root' | 'CA';

/** `./Device/Vendor/MSFT/RootCATrustedCertificates/<store>/<SHA-1>[/<node>]` (RootCATrustedCertificates CSP); the thumbprint in upper case. */
export const trustedCertificate = (
  store: TrustedStore,
  thumbprint: string,
  scope: NodeScope = 'device',
  ...node: readonly string[]
): string => under(`./${scope === 'user' ? 'User' : 'Device'}/Vendor/MSFT/RootCATrustedCertificates`, store, thumbprint, ...node);
