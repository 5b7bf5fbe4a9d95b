import { basicConstraints, commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { type AuthorityDefinition, type AuthorityInput } from '../authority.js';

const DAY_MS = 86_400_000;
const YEARS = 10;

/** A self-signed certificate around a signing key: nobody chains to it, readers take the key by its thumbprint. */
const selfSigned = (name: string, { publicKey, signingKey, now }: AuthorityInput): Buffer =>
  issueCertificate({
    issuer: commonName(name, 'utf8'),
    subject: commonName(name, 'utf8'),
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + YEARS)),
    publicKey,
    signingKey,
    extensions: [basicConstraints(false)],
  });

/** Signs the token service's JWTs; the common name is the one of real keys (reference 02, 2.3 [inferred]). */
export const stsSigning: AuthorityDefinition = {
  name: 'sts-signing',
  algorithm: 'rsa2048',
  certificate: (input) => selfSigned('accounts.accesscontrol.windows.net', input),
};

/** The key that follows, as the real service has one in store: a tenant's switch brings it into use. */
export const stsNextSigning: AuthorityDefinition = { ...stsSigning, name: 'sts-signing-next' };

/** Signs device tickets: ES256 keeps them short, since they travel in a header (reference 06, D-A11). */
export const msaTicket: AuthorityDefinition = {
  name: 'msa-ticket',
  algorithm: 'ec-p256',
  certificate: (input) => selfSigned('Greenscreen Mock Device Ticket Signer (lab use only)', input),
};
