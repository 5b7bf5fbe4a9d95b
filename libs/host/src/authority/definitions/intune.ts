import {
  authorityKeyIdentifier,
  basicConstraints,
  commonName,
  ekuOids,
  extendedKeyUsage,
  issueCertificate,
  keyUsage,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { type AuthorityDefinition, type AuthorityInput } from '../authority.js';

const DAY_MS = 86_400_000;

/** Names of the real hierarchy, which readers compare (reference 04, 3.6 [client: okieselbach/AutopilotMonitor]). */
const ROOT_NAME = commonName('Microsoft Intune Root Certification Authority');
const DEVICE_CA_NAME = commonName('Microsoft Intune MDM Device CA');

/**
 * Validity of the real ones is 5 and 3 years. Ours last longer, because a lab moves its clock: nothing here renews an authority
 * [our choice].
 */
const YEARS = 25;

const caExtensions = ({ publicKey, issuer }: AuthorityInput, pathLength: number) => [
  basicConstraints(true, pathLength),
  keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']),
  extendedKeyUsage([ekuOids.clientAuth], true),
  subjectKeyIdentifier(publicKey),
  ...(issuer ? [authorityKeyIdentifier(issuer.publicKey)] : []),
];

const caCertificate = (names: { issuer: typeof ROOT_NAME; subject: typeof ROOT_NAME }, pathLength: number, input: AuthorityInput): Buffer =>
  issueCertificate({
    ...names,
    notBefore: new Date(input.now.getTime() - DAY_MS),
    notAfter: new Date(new Date(input.now).setUTCFullYear(input.now.getUTCFullYear() + YEARS)),
    publicKey: input.publicKey,
    signingKey: input.signingKey,
    extensions: caExtensions(input, pathLength),
  });

/** Goes into the device's Root store with the provisioning document. */
export const intuneRoot: AuthorityDefinition = {
  name: 'intune-root',
  algorithm: 'rsa4096',
  certificate: (input) => caCertificate({ issuer: ROOT_NAME, subject: ROOT_NAME }, 1, input),
};

/** Issues MDM device certificates. */
export const intuneMdmDeviceCa: AuthorityDefinition = {
  name: 'intune-mdm-device-ca',
  algorithm: 'rsa2048',
  issuer: intuneRoot,
  certificate: (input) => caCertificate({ issuer: ROOT_NAME, subject: DEVICE_CA_NAME }, 0, input),
};
