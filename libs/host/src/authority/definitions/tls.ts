import {
  basicConstraints,
  commonName,
  issueCertificate,
  keyUsage,
  permittedDnsSubtrees,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { type AuthorityDefinition } from '../authority.js';

/** What the lab's TLS root may vouch for: the emulated domains, and the domains of lab tenants. Nothing else, wherever it is trusted. */
export const permittedSubtrees = [
  'microsoftonline.com',
  'windows.net',
  'microsoft.com',
  'live.com',
  'azure.net',
  'intel.com',
  'amd.com',
  'officeapps.live.com',
  'onmicrosoft.com',
  'contosolab.example',
  'example',
  'aikcertaia.microsoft.com',
  'greenscreen.test',
  'localhost',
];

const YEARS = 10;

/** Common name: nobody mistakes it for a real one. */
export const TLS_ROOT_NAME = 'Greenscreen Mock TLS Root (lab use only)';

/** Root of the certificates that the gateway shows. */
export const tlsRoot: AuthorityDefinition = {
  name: 'tls-root',
  algorithm: 'ec-p256',
  certificate: ({ publicKey, signingKey, now }) => {
    const name = commonName(TLS_ROOT_NAME, 'utf8');
    return issueCertificate({
      issuer: name,
      subject: name,
      notBefore: new Date(now.getTime() - 86_400_000),
      notAfter: new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + YEARS)),
      publicKey,
      signingKey,
      extensions: [
        basicConstraints(true, 0),
        keyUsage(['keyCertSign', 'cRLSign']),
        subjectKeyIdentifier(publicKey),
        permittedDnsSubtrees(permittedSubtrees),
      ],
    });
  },
};
