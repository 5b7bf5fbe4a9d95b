import { type MdmCertificateRequest } from '@greenscreen/crypto/mdm-certificate';
import { spkiOf } from '@greenscreen/crypto/keys';
import { knownCertificate, thumbprint } from '@greenscreen/crypto/x509';
import { injectedDefect } from '@greenscreen/host/injection';
import { type ProvisionedCertificates } from '@greenscreen/wire/wap';

const DAY_MS = 86_400_000;

const later = (time: Date, days: number): Date => new Date(time.getTime() + days * DAY_MS);

/** MDM certificates that are wrong in one way (reference 05, 77 and C.4 `action.cert`). */
const certificateDefects: Readonly<Record<string, (request: MdmCertificateRequest) => Partial<MdmCertificateRequest>>> = {
  expired: ({ notBefore }) => ({ notBefore: later(notBefore, -2), notAfter: later(notBefore, -1) }),
  not_yet_valid: ({ notBefore }) => ({ notBefore: later(notBefore, 1) }),
  /** For the authority's own key, which no device has. */
  other_key: ({ issuer }) => ({ spki: spkiOf(knownCertificate(issuer.certificate).publicKey) }),
};

export type DeviceEntry = ProvisionedCertificates['device'];

/** The same on the way into the document. */
const entryDefects: Readonly<Record<string, (entry: DeviceEntry) => Partial<DeviceEntry>>> = {
  wrong_store: ({ store }) => ({ store: store === 'System' ? 'User' : 'System' }),
  wrong_thumbprint: ({ thumbprint }) => ({ thumbprint: [...thumbprint].reverse().join('') }),
  /** Says that it is the authority's, which has not signed it: not the certificate that was issued (reference 05, 93). */
  wrong_issuer: ({ der }) => {
    const forged = Buffer.from(der);
    forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
    return { der: forged, thumbprint: thumbprint(forged) };
  },
  truncated: ({ der }) => ({ der: der.subarray(0, Math.floor(der.length / 2)) }),
};

const defect = (): string => {
  const injected = injectedDefect('cert');
  return injected?.target === 'mdm' ? injected.defect : '';
};

/** The order for an MDM certificate, with what an injected fault wants wrong in it. */
export const defectiveRequest = (request: MdmCertificateRequest): MdmCertificateRequest => ({
  ...request,
  ...certificateDefects[defect()]?.(request),
});

/** The certificate's place in the document, likewise. */
export const defectiveEntry = (entry: DeviceEntry): DeviceEntry => ({ ...entry, ...entryDefects[defect()]?.(entry) });

/** Nonces of the DM account; `noNonce` sends none (reference 04, 3.5 rule 8). */
export const sentNonce = (nonce: string): string => (injectedDefect('tamper') === 'noNonce' ? '' : nonce);
